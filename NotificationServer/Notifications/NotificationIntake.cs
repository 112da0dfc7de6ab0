namespace NotificationServer.Notifications;

/// Accepts notifications: looks up what the request names, then hands it to a writer that stores many requests with one
/// commit. It returns after that commit, never before.
internal sealed class NotificationIntake(Preparation preparation, IntakeBounds bounds, IntakeQueue queue)
{
    public async Task<IntakeResult> AcceptAsync(NotificationRequest request, CancellationToken ct)
    {
        var (prepared, errors) = await preparation.PrepareAsync(request, ct);
        if (prepared is null) return IntakeResult.Invalid(errors);
        return bounds.AreFullFor(prepared) ? new IntakeResult(IntakeStatus.QueueFull) : await queue.StoreAsync(prepared);
    }
}
