using Microsoft.Extensions.Options;

namespace NotificationServer.Queue;

/// Full jitter: an outage puts a hundred thousand jobs on the same schedule, and only a random delay takes them off it.
internal sealed class RetryDelay(IOptions<QueueOptions> options, Random random)
{
    public TimeSpan For(Lane lane, int failures)
    {
        var cap = lane == Lane.Bulk ? options.Value.RetryCapBulk : options.Value.RetryCap;
        // In seconds: 2^30 bases are above any cap, and a long base's above any TimeSpan.
        var ceiling = options.Value.RetryBase.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromSeconds(Math.Min(ceiling, cap.TotalSeconds) * random.NextDouble());
    }

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * random.NextDouble());
}
