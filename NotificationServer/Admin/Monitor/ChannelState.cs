using NotificationServer.Admin.Ui;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Monitor;

/// A channel's queue as it is now and as it moved in the last hour.
internal sealed record ChannelState(string Channel, IReadOnlyList<LaneFigures> Lanes, IReadOnlyList<FlowPoint> Flow, QueueSwitch? Held, DateTimeOffset Now)
{
    /// How far back the share of failures looks.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    public string Name => Words.Channel(Channel);
    public long Ready => Lanes.Sum(lane => lane.Ready);
    public long Scheduled => Lanes.Sum(lane => lane.Scheduled);
    public long Processing => Lanes.Sum(lane => lane.Leased);
    public long Retrying => Lanes.Sum(lane => lane.Retrying);
    public long Failed => Lanes.Sum(lane => lane.Failed);
    public double RateIn => Lanes.Sum(lane => lane.RateIn);
    public double RateOut => Lanes.Sum(lane => lane.RateOut);
    public bool Estimated => Lanes.Any(lane => lane.Estimated);
    public TimeSpan? Oldest => Lanes.Max(lane => lane.OldestReadySeconds) is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;
    public bool IsPaused => Held?.Mode == SwitchMode.Paused;
    public bool IsDraining => Held?.Mode == SwitchMode.Draining;

    public long FailedLately => Flow.Where(point => point.At >= Now - Lately).Sum(point => point.Failed);
    public long EndedLately => Flow.Where(point => point.At >= Now - Lately).Sum(point => point.Went);

    /// Of what ended in the last quarter of an hour; null: nothing did.
    public double? FailingShare => EndedLately == 0 ? null : Math.Min(1, (double)FailedLately / EndedLately);

    /// "1,204", "about 1,200,000".
    public string ReadyWords => (Estimated ? "about " : "") + Words.Number(Ready);

    /// The sixty minutes that are over.
    public static IReadOnlyList<DateTimeOffset> Minutes(DateTimeOffset now)
    {
        var thisMinute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return [.. Enumerable.Range(-60, 60).Select(n => thisMinute.AddMinutes(n))];
    }

    public IReadOnlyList<double> PerMinute(Func<FlowPoint, long> what, Lane? lane = null) =>
        Sums(Flow.Where(point => lane is null || point.Lane == lane), Minutes(Now), what);

    public static double[] Sums(IEnumerable<FlowPoint> points, IReadOnlyList<DateTimeOffset> times, Func<FlowPoint, long> what)
    {
        var by = points.GroupBy(point => point.At).ToDictionary(same => same.Key, same => (double)same.Sum(what));
        return [.. times.Select(at => by.GetValueOrDefault(at))];
    }
}
