namespace NotificationServer.Notifications;

/// Accepts notifications: looks up what the request names, then hands it to a writer that stores many requests with one
/// commit. It returns after that commit, never before.
internal sealed class NotificationIntake(Preparation preparation, IntakeBounds bounds, IntakeQueue queue, IntakeMetrics metrics)
{
    public async Task<IntakeResult> AcceptAsync(NotificationRequest request, CancellationToken ct)
    {
        var (prepared, errors) = await preparation.PrepareAsync(request, ct);
        var result = prepared is null ? IntakeResult.Invalid(errors)
            : bounds.AreFullFor(prepared) ? new IntakeResult(IntakeStatus.QueueFull) : await queue.StoreAsync(prepared);
        metrics.Answered(result.Status);
        return result;
    }
}
