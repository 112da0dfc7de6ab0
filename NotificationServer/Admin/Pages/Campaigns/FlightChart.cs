using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Admin.Pages.Campaigns;

/// The hours of a flight plan as bars, in days where there are too many of them.
internal sealed record FlightChart(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<ChartSeries> Series, string Unit)
{
    private const int MostBars = 72, FewestBars = 8;
    private static readonly string[] Tones = ["accent", "ok", "wait", "warn", "off"];

    /// Null: there is nothing to show.
    public static FlightChart? Of(FlightPlan plan)
    {
        if (plan.Hours.Count == 0) return null;
        var step = TimeSpan.FromHours(1);
        while ((plan.Hours[^1].At - plan.Hours[0].At) / step >= MostBars) step = step < TimeSpan.FromHours(6) ? TimeSpan.FromHours(6) : step + TimeSpan.FromDays(step.TotalDays >= 1 ? 1 : 0.75);
        var first = plan.Hours[0].At;
        var count = Math.Max(FewestBars, (int)((plan.Hours[^1].At - first) / step) + 1);
        var times = Enumerable.Range(0, count).Select(n => first + (n * step)).ToList();
        var series = plan.Channels.Select((channel, n) =>
        {
            var values = new double[count];
            foreach (var hour in plan.Hours)
                if (hour.Channel == channel.Channel) values[(int)((hour.At - first) / step)] += hour.Messages;
            return new ChartSeries(Words.Channel(channel.Channel), Tones[n % Tones.Length], values);
        }).ToList();
        return new FlightChart(times, series, step.TotalHours > 24 ? $"in {step.TotalDays:0} days" : step.TotalHours > 23 ? "a day" : step.TotalHours > 1 ? $"in {step.TotalHours:0} hours" : "an hour");
    }
}
