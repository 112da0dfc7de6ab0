using System.Diagnostics;
using System.Globalization;

namespace NotificationServer.Platform;

/// Places where a test may make this process die, stall or break, because kill -9 at a random moment seldom hits the
/// windows that matter. `NS_FAILPOINT=name:action[:n]`; action is `exit` (as kill -9, when passed for the n-th time), `throw`
/// (each n-th time) or `sleep` (n milliseconds). Only in Development; else a call costs one comparison.
internal static class FailPoints
{
    private static readonly Armed? Only = Armed.From(
        Environment.GetEnvironmentVariable("NS_FAILPOINT"), Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"));

    public static void Pass(string point)
    {
        if (Only is not null && Only.Point == point) Only.Strike();
    }

    internal sealed class Armed(string point, string action, int n)
    {
        private int passed;

        public string Point => point;

        public static Armed? From(string? setting, string? environment) =>
            environment == Environments.Development && setting?.Split(':') is [var point, var action, .. var rest]
                ? new Armed(point, action, rest is [var n] ? int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture) : 1)
                : null;

        public void Strike()
        {
            var times = Interlocked.Increment(ref passed);
            switch (action)
            {
                case "sleep":
                    Task.Delay(n).Wait();
                    break;
                case "throw" when times % n == 0:
                    throw new InvalidOperationException($"The fail point {point} struck.");
                case "exit" when times >= n:
                    using (var self = Process.GetCurrentProcess()) self.Kill();
                    // Whoever comes by between the signal and its effect must not get past this point.
                    Task.Delay(Timeout.Infinite).Wait();
                    break;
            }
        }
    }
}
