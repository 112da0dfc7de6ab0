namespace NotificationServer.Delivery.Gates;

/// What this node knows of an account by itself, and what of that it still has to tell the others.
internal sealed class AccountHealth(GatesOptions options, TimeProvider clock)
{
    internal enum Move { OpenBreaker, ProbeSucceeded, ProbeFailed }

    internal readonly record struct News(TimeSpan? Quiet, string? QuietReason, Move? Move, string? Reason);

    private readonly Lock gate = new();
    private News news;
    private long shutFrom;
    private TimeSpan shutFor;

    public CallWindow Calls { get; } = new(options, clock);
    public RetryBudget Retries { get; } = new(options, clock);
    public Ramp Ramp { get; } = new(options, clock);

    /// Whoever found out that it works: what was seen before counts here no more either.
    public void Reopen()
    {
        Calls.Clear();
        Ramp.Begin();
    }

    /// Until the database has our news, this node obeys them alone.
    public TimeSpan Shut
    {
        get
        {
            lock (gate) return shutFor == TimeSpan.Zero ? TimeSpan.Zero : shutFor - clock.GetElapsedTime(shutFrom);
        }
    }

    public void Quiet(TimeSpan wait, string reason)
    {
        lock (gate)
        {
            ShutFor(wait);
            if (news.Quiet is not { } asked || asked < wait) news = news with { Quiet = wait, QuietReason = reason };
        }
    }

    public void Tell(Move move, string? reason)
    {
        lock (gate)
        {
            if (move != Move.ProbeSucceeded) ShutFor(options.OpenFor);
            // The fate of a probe is the more exact news.
            if (news.Move is null || move != Move.OpenBreaker) news = news with { Move = move, Reason = reason };
        }
    }

    public News Take()
    {
        lock (gate)
        {
            var taken = news;
            news = default;
            return taken;
        }
    }

    /// The database was away: what is newer stays.
    public void PutBack(News old)
    {
        lock (gate)
        {
            if (old.Quiet > (news.Quiet ?? TimeSpan.Zero)) news = news with { Quiet = old.Quiet, QuietReason = old.QuietReason };
            if (news.Move is null) news = news with { Move = old.Move, Reason = old.Reason };
        }
    }

    /// What was told is in the picture now, and the picture decides.
    public void BelievePicture()
    {
        lock (gate)
        {
            if (news == default) shutFor = TimeSpan.Zero;
        }
    }

    private void ShutFor(TimeSpan wait)
    {
        if (shutFor != TimeSpan.Zero && shutFor - clock.GetElapsedTime(shutFrom) >= wait) return;
        (shutFrom, shutFor) = (clock.GetTimestamp(), wait);
    }
}
