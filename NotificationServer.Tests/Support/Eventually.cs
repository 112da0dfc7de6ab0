using System.Diagnostics;

namespace NotificationServer.Tests.Support;

/// Waits for a condition instead of for time.
internal static class Eventually
{
    public static Task IsTrueAsync(Func<bool> condition, TimeSpan? within = null) => IsTrueAsync(() => Task.FromResult(condition()), within);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(60);
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
                throw new TimeoutException($"Still not true after {limit}");
            await Task.Delay(20);
        }
    }
}
