namespace NotificationServer.Benchmarks.Parts;

/// Measured times, from any thread.
internal sealed class Times(int capacity)
{
    private readonly double[] milliseconds = new double[capacity];
    private int count;

    public int Count => Math.Min(Volatile.Read(ref count), capacity);

    public void Add(TimeSpan time)
    {
        var at = Interlocked.Increment(ref count) - 1;
        if (at < capacity) milliseconds[at] = time.TotalMilliseconds;
    }

    /// In milliseconds; the smallest time that this percentage of all does not exceed.
    public double Percentile(double percent)
    {
        var sorted = milliseconds[..Count];
        Array.Sort(sorted);
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
