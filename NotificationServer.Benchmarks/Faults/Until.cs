using System.Diagnostics;

namespace NotificationServer.Benchmarks.Faults;

/// Waits for a condition instead of for time.
internal static class Until
{
    /// Whether it came true in time.
    public static async Task<bool> TrueAsync(Func<Task<bool>> condition, TimeSpan within, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > within) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
        return true;
    }

    public static Task<bool> TrueAsync(Func<bool> condition, TimeSpan within, CancellationToken ct) =>
        TrueAsync(() => Task.FromResult(condition()), within, ct);
}
