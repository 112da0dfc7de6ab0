using NotificationServer.Platform.Health;

namespace NotificationServer.Platform.Restores;

/// Tells whether sending is held. It is no reason to give a node no requests: they are taken in, and wait.
internal sealed class SendingCheck(RestoreGuard guard) : IReadinessCheck
{
    public string Name => "sending";

    public Task<ReadinessResult> AskAsync(CancellationToken ct) =>
        Task.FromResult(ReadinessResult.Fine(guard.MaySend ? "free" : guard.IsHeld ? "held" : "unknown"));
}
