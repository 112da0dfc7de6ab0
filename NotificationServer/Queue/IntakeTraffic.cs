namespace NotificationServer.Queue;

/// Whether somebody is asking this node for single notifications right now: what can wait makes way for them.
internal sealed class IntakeTraffic(TimeProvider clock)
{
    // Posts come singly: between two of them the way is kept clear.
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);
    private const long Never = long.MinValue;
    private long seenAt = Never;

    public bool IsComing => Volatile.Read(ref seenAt) is var at && at != Never && clock.GetElapsedTime(at) < Lasts;

    public void Note() => Volatile.Write(ref seenAt, clock.GetTimestamp());
}
