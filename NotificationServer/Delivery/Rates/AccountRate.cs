using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using Npgsql;

namespace NotificationServer.Delivery.Rates;

/// One account's moments on this node: the slice that is leased, and who waits for more.
internal sealed class AccountRate(string account, RateStore store, TimeProvider clock, ILogger log)
{
    /// A call may come this much after its moment; later, the moment is lost. In any second there are then only calls whose moments
    /// lie in a stretch of one second and this, so with moments (1 s + this) / rate apart no second ever holds more than the rate.
    /// It costs as many hundredths of the rate: less, and a short pause of the machine loses whole slices.
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(0.05);

    // A slice: what is used in this time. With it a node makes seven round trips a second at most.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.15);
    private const int MostWithoutRate = 100;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(0.02);
    // A full day may be made longer by whoever edits the account, or emptier by moments that another node did not use.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WithoutDatabase = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private AccountLimits leasedFor = AccountLimits.None;
    private Lease lease;
    private Task? refill;
    private int waiting;
    private int lastGranted;
    private long lastRefill;
    private int unused;
    private DateOnly unusedOf;
    private long shutUntil;
    private volatile bool dayIsFull;

    public bool IsDayFull => dayIsFull;

    public async ValueTask<TimeSpan?> TryTakeAsync(AccountLimits limits, CancellationToken ct)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            while (true)
            {
                var (moment, wait, more) = Next(limits);
                if (wait is not null) return wait;
                if (more is not null)
                {
                    await more.WaitAsync(ct);
                    continue;
                }
                if (await IsReachedAsync(moment, ct)) return null;
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// False: it came and went, on a machine that had no time.
    private async ValueTask<bool> IsReachedAsync(Moment moment, CancellationToken ct)
    {
        var used = false;
        try
        {
            var now = clock.GetTimestamp();
            while (now < moment.From)
            {
                // Timers count whole milliseconds and leave out the rest.
                await Task.Delay(clock.GetElapsedTime(now, moment.From) + Millisecond, clock, ct);
                now = clock.GetTimestamp();
            }
            return used = now <= moment.Until;
        }
        finally
        {
            if (!used) lock (gate) Lose(1, moment.Day);
        }
    }

    public Admission Ask(AccountLimits limits)
    {
        var shut = clock.GetElapsedTime(clock.GetTimestamp(), Volatile.Read(ref shutUntil));
        if (shut > TimeSpan.Zero && leasedFor == limits) return Admission.ClosedFor(shut);
        if (limits.RatePerSecond is not { } rate) return Admission.Open;
        return Admission.OpenTo(Math.Max(0, Math.Max(1, (int)(rate * RateStore.Horizon.TotalSeconds)) - Volatile.Read(ref waiting)));
    }

    /// A moment of ours, or how long there is none, or the asking for more.
    private (Moment Moment, TimeSpan? Wait, Task? More) Next(AccountLimits limits)
    {
        lock (gate)
        {
            if (leasedFor != limits) StartAnew(limits);
            var now = clock.GetTimestamp();
            while (lease.TryTake(out var moment))
            {
                if (moment.Until >= now) return (moment, null, null);
                Lose(1, moment.Day);
            }
            if (shutUntil > now) return (default, clock.GetElapsedTime(now, shutUntil), null);
            return (default, null, refill ??= RefillAsync(limits));
        }
    }

    private async Task RefillAsync(AccountLimits limits)
    {
        await Task.Yield(); // out of the lock
        TimeSpan? interval = limits.RatePerSecond is { } rate ? (TimeSpan.FromSeconds(1) + Lateness) / rate : null;
        var (returned, of) = Returned();
        var asked = clock.GetTimestamp();
        try
        {
            // Nobody's own call: whoever gave up has not given up for the others.
            var grant = await store.TakeAsync(account, limits, interval, Wanted(limits, asked), returned, of, CancellationToken.None);
            var answered = clock.GetTimestamp();
            lock (gate)
            {
                (lastGranted, lastRefill, dayIsFull) = (grant.Granted, asked, grant.Granted == 0 && grant.DayIsFull);
                if (limits != leasedFor) Lose(grant.Granted, DateOnly.FromDateTime(grant.AskedAt.UtcDateTime)); // changed meanwhile
                else if (grant.Granted > 0) lease = Lease.Of(grant, interval, Lateness, asked, answered, clock.TimestampFrequency);
                else Shut(answered, grant.DayIsFull ? grant.DayEndsAt - grant.AskedAt : grant.NextAt - grant.AskedAt - (RateStore.Horizon / 2));
            }
        }
        catch (NpgsqlException e)
        {
            Log.RatesUnavailable(log, account, e);
            lock (gate)
            {
                unused += returned;
                Shut(clock.GetTimestamp(), WithoutDatabase);
            }
        }
        finally
        {
            lock (gate) refill = null;
        }
    }

    /// Somebody edited the account: what was leased under its old limits has another pace.
    private void StartAnew(AccountLimits limits)
    {
        while (lease.TryTake(out var moment)) Lose(1, moment.Day);
        (leasedFor, lastRefill, dayIsFull) = (limits, 0, false);
        Volatile.Write(ref shutUntil, 0);
    }

    /// What waits now; twice the last slice if that did not last: the next callers are on their way.
    private int Wanted(AccountLimits limits, long now)
    {
        var most = limits.RatePerSecond is { } rate ? Math.Max(1, (int)(rate * Slice.TotalSeconds)) : MostWithoutRate;
        var grown = lastRefill != 0 && clock.GetElapsedTime(lastRefill, now) < Slice * 2 ? lastGranted * 2 : 1;
        return Math.Clamp(Math.Max(Volatile.Read(ref waiting), grown), 1, most);
    }

    private (int Count, DateOnly Of) Returned()
    {
        lock (gate)
        {
            var returned = (unused, unusedOf);
            unused = 0;
            return returned;
        }
    }

    private void Lose(int moments, DateOnly day)
    {
        if (day != unusedOf) (unused, unusedOf) = (0, day);
        unused += moments;
    }

    private void Shut(long from, TimeSpan wait) =>
        Volatile.Write(ref shutUntil, from + (long)(Math.Clamp(wait.TotalSeconds, LeastWait.TotalSeconds, LongestWait.TotalSeconds) * clock.TimestampFrequency));
}
