namespace NotificationServer.Delivery.Gates;

/// How an account is called again after it was closed: a few calls first, two more for each that went well, and a few a second
/// however they go. What only half works is judged by those few; all that waited would otherwise run into it at one instant, each
/// time that a probe happens to succeed.
internal sealed class Ramp(GatesOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private bool climbing;
    private int room, well;
    private long filledAt;

    public void Begin()
    {
        lock (gate) (climbing, room, well, filledAt) = (true, options.LeastCalls, 0, clock.GetTimestamp());
    }

    /// How many calls may start now.
    public int Room
    {
        get
        {
            lock (gate) return RoomNow();
        }
    }

    public bool TryStart()
    {
        lock (gate)
        {
            if (RoomNow() == 0) return false;
            if (climbing) room--;
            return true;
        }
    }

    public void Ended(bool failed)
    {
        lock (gate)
        {
            if (!climbing || failed) return;
            room += 2;
            // The breaker has been able to judge it ten times by now.
            climbing = ++well < 10 * options.LeastCalls;
        }
    }

    private int RoomNow()
    {
        if (!climbing) return int.MaxValue;
        if (clock.GetElapsedTime(filledAt) >= Refill) (room, filledAt) = (Math.Max(room, options.LeastCalls), clock.GetTimestamp());
        return room;
    }
}
