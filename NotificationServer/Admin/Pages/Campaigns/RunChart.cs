using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Admin.Pages.Campaigns;

/// What happened when, as lines: from a step before the run to the last thing that happened.
internal sealed record RunChart(IReadOnlyList<DateTimeOffset> Times, TimeSpan Step, IReadOnlyList<ChartSeries> Going, IReadOnlyList<ChartSeries> Wrong)
{
    private const int MostSteps = 120;
    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7)];

    public string Unit => Step.TotalDays >= 1 ? Step.TotalDays > 1 ? "messages a week" : "messages a day"
        : Step.TotalHours > 1 ? $"messages in {Step.TotalHours:0} hours" : Step.TotalHours < 1 ? $"messages in {Step.TotalMinutes:0} minutes" : "messages an hour";

    public bool IsEmpty => Going.All(series => series.Values.All(value => value == 0));

    /// How fine it is for a run of this age.
    public static TimeSpan StepFor(CampaignFigures run) => Steps.FirstOrDefault(step => (run.At - run.StartedAt) / step < MostSteps, Steps[^1]);

    public static RunChart Of(CampaignFigures run, IReadOnlyList<FigureMoment> moments, TimeSpan step)
    {
        var first = Floor(run.StartedAt, step);
        if (moments.Count > 0 && moments[0].At < first) first = moments[0].At;
        var last = moments.Where(moment => moment.Metric != "done").Select(moment => moment.At).DefaultIfEmpty(first).Max();
        if (run.IsRunning && run.At > last) last = Floor(run.At, step);
        var times = new List<DateTimeOffset>();
        for (var at = first - step; at <= last && times.Count < 4 * MostSteps; at += step) times.Add(at);
        var places = times.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        IReadOnlyList<double> Values(string metric)
        {
            var values = new double[times.Count];
            foreach (var moment in moments)
                if (moment.Metric == metric && places.TryGetValue(moment.At, out var place)) values[place] += moment.Count;
            return values;
        }
        return new RunChart(times, step,
            [new("Sent", "accent", Values("taken")), new("Delivered", "ok", Values("delivered")), new("Opened by people", "warn", Values("opened_human")), new("Clicked", "off", Values("clicked_human"))],
            [new("Failed", "fail", Values("failed")), new("Bounced", "warn", Values("bounced")), new("Unsubscribed", "off", Values("unsubscribed"))]);
    }

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step)
    {
        var since = at - DateTimeOffset.UnixEpoch;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(since.Ticks - (since.Ticks % step.Ticks));
    }
}
