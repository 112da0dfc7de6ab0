namespace NotificationServer.Platform.Telemetry;

/// One line of figures: a sum, a level, or a histogram. Written by many threads at once, without a lock.
internal sealed class Series(int buckets)
{
    private readonly long[] counts = new long[buckets];
    private double value;

    /// The collection in which a level was last told.
    public long Turn { get; private set; }

    public double Value => Volatile.Read(ref value);

    public void Add(double amount)
    {
        var seen = Volatile.Read(ref value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref value, seen + amount, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }

    public void Set(double level, long turn)
    {
        Volatile.Write(ref value, level);
        Turn = turn;
    }

    public void Record(double amount, double[] bounds)
    {
        if (double.IsNaN(amount)) return;
        var place = Array.BinarySearch(bounds, amount);
        Interlocked.Increment(ref counts[place < 0 ? ~place : place]);
        Add(amount);
    }

    /// How many fell into each step, the last being "more than all of them".
    public long[] Counts()
    {
        var now = new long[counts.Length];
        for (var i = 0; i < now.Length; i++) now[i] = Interlocked.Read(ref counts[i]);
        return now;
    }
}
