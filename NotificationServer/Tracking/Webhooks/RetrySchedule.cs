using Microsoft.Extensions.Options;

namespace NotificationServer.Tracking.Webhooks;

/// When a call that failed is made again: ten tries over three days. Each wait is a little random, so that what failed together does not
/// come back together, and never shorter than what the receiver asked for.
internal sealed class RetrySchedule(IOptions<WebhooksOptions> options, Random random)
{
    private const double Spread = 0.2;

    private static readonly TimeSpan[] Standard =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private readonly IReadOnlyList<TimeSpan> waits = options.Value.Retries is { Count: > 0 } own ? own : Standard;

    /// Null: that was the last try.
    public TimeSpan? After(int tries, TimeSpan? asked)
    {
        if (tries > waits.Count) return null;
        var wait = waits[tries - 1] * (1 - Spread + 2 * Spread * random.NextDouble());
        return asked > wait ? asked : wait;
    }
}
