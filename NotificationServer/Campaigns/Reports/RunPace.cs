namespace NotificationServer.Campaigns.Reports;

/// How fast a run goes just now, and when it would be done if that stays so.
internal sealed record RunPace(double MessagesPerMinute, TimeSpan? Remaining)
{
    public static readonly TimeSpan Bin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(5);

    /// From the last ten to twenty minutes of the books.
    public static RunPace Of(CampaignFigures figures, IEnumerable<FigureMoment> moments)
    {
        var now = figures.At;
        var from = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Bin.Ticks), TimeSpan.Zero) - Bin;
        var began = figures.StartedAt > from ? figures.StartedAt : from;
        var took = now - began < LeastTime ? LeastTime : now - began;
        var pace = Math.Max(0, moments.Where(moment => moment.Metric == "done" && moment.At >= from).Sum(moment => moment.Count)) / took.TotalMinutes;
        return new RunPace(pace, figures.IsRunning && figures.PausedAt is null ? Left(figures, pace) : null);
    }

    /// The people who are still to come are taken to get as many messages as those before them. The throttle holds them up, whatever the queue does.
    private static TimeSpan? Left(CampaignFigures figures, double pace)
    {
        var each = figures.Expanded == 0 ? 1 : Math.Max(0.01, (double)figures.Messages / figures.Expanded);
        var left = figures.Of("queued") + (figures.ToCome * each);
        if (left <= 0) return TimeSpan.Zero;
        if (pace <= 0) return null;
        var minutes = Math.Max(left / pace, figures.Throttle is { } throttle ? (double)figures.ToCome / throttle : 0);
        return minutes > TimeSpan.FromDays(366).TotalMinutes ? null : TimeSpan.FromMinutes(minutes);
    }
}
