namespace NotificationServer.Delivery.Gates;

/// How many repeats one account is asked to bear. A repeat beyond it is put off, never dropped.
internal sealed class RetryBudget(GatesOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private long since = clock.GetTimestamp();
    private int firstBefore, first, retriesBefore, retries;

    public void FirstTry()
    {
        lock (gate)
        {
            Roll();
            first++;
        }
    }

    public bool TryRetry(bool isFailing)
    {
        lock (gate)
        {
            // The last minute: this one so far, and of the one before what is still within sixty seconds.
            var left = 1 - Roll();
            var allowed = Math.Max(options.RetriesAMinute, options.RetryShare * (first + (firstBefore * left)));
            if (isFailing && retries + (retriesBefore * left) >= allowed) return false;
            retries++;
            return true;
        }
    }

    private double Roll()
    {
        var elapsed = clock.GetElapsedTime(since) / Minute;
        if (elapsed >= 1)
        {
            (firstBefore, retriesBefore) = elapsed < 2 ? (first, retries) : (0, 0);
            (first, retries) = (0, 0);
            since += (long)(Math.Floor(elapsed) * Minute.TotalSeconds * clock.TimestampFrequency);
            elapsed -= Math.Floor(elapsed);
        }
        return elapsed;
    }
}
