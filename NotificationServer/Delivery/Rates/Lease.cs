namespace NotificationServer.Delivery.Rates;

/// When a call may begin, by this node's own clock.
internal readonly record struct Moment(long From, long Until, DateOnly Day);

/// Moments that the database gave to this node, told by the node's clock. When exactly the database read its own clock is not
/// known: some time between our asking and its answer. So each moment begins as if that had been as late as possible and ends as
/// if it had been as early as possible; with an answer that took longer than the lateness allowed there is nothing left of it.
internal struct Lease
{
    private long from;
    private long until;
    private long apart;
    private int left;
    private DateOnly day;

    public static Lease Of(RateStore.Grant grant, TimeSpan? interval, TimeSpan lateness, long asked, long answered, long frequency)
    {
        var ahead = Ticks(grant.FirstAt - grant.AskedAt, frequency);
        return new Lease
        {
            from = answered + ahead,
            // Without a rate a moment is only a place in the day's count.
            until = asked + (interval is null ? Ticks(grant.DayEndsAt - grant.AskedAt, frequency) : ahead + Ticks(lateness, frequency)),
            apart = interval is { } gap ? Ticks(gap, frequency) : 0,
            left = grant.Granted,
            day = DateOnly.FromDateTime(grant.AskedAt.UtcDateTime),
        };
    }

    public bool TryTake(out Moment moment)
    {
        moment = new Moment(from, until, day);
        if (left == 0) return false;
        left--;
        from += apart;
        until += apart;
        return true;
    }

    private static long Ticks(TimeSpan time, long frequency) => (long)(time.TotalSeconds * frequency);
}
