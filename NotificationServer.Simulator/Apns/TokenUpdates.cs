namespace NotificationServer.Simulator.Apns;

/// Apple wants one provider token for 20 minutes and more. A test run restarts its servers more often than that, so the
/// number of tokens is free to choose; what must be noticed is a sender that signs anew for each request.
internal sealed class TokenUpdates(int allowed)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);
    private readonly Queue<DateTimeOffset> seen = [];

    public bool Allow(DateTimeOffset now)
    {
        lock (seen)
        {
            while (seen.TryPeek(out var oldest) && now - oldest >= Window) seen.Dequeue();
            if (seen.Count >= allowed) return false;
            seen.Enqueue(now);
            return true;
        }
    }
}
