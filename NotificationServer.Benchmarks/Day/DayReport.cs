using System.Globalization;

namespace NotificationServer.Benchmarks.Day;

/// The day by hours, and what follows from it.
internal sealed class DayReport(DayPlan plan, DayLoad load, IReadOnlyList<DayFigures.Wait> waits, IReadOnlyList<DayFigures.Second> seconds, DayFigures.Books books)
{
    private readonly Dictionary<string, double> figures = [];

    public IReadOnlyDictionary<string, double> Figures => figures;

    /// The backlog at the end of each second: of all, and of mails.
    private List<(int At, long All, long Mails)> Depths
    {
        get
        {
            var (depths, all, mails) = (new List<(int, long, long)>(), 0L, 0L);
            foreach (var one in seconds) depths.Add((one.At, all += one.Came - one.Went, mails += one.MailsCame - one.MailsWent));
            return depths;
        }
    }

    public void Tell()
    {
        Console.WriteLine();
        Console.WriteLine("  hour    in/s   out/s    depth   answer   critical     others      mails  campaigns   (p99 in ms: to the 202; from there to the provider)");
        for (var hour = 0; hour < DayPlan.Hours; hour++) Console.WriteLine(Line(hour));
        Reckon();
        Console.WriteLine();
        foreach (var (name, value) in figures) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-36} {value,14:#,0.##}"));
    }

    private string Line(int hour)
    {
        var (from, to) = (plan.Hour.TotalSeconds * hour, plan.Hour.TotalSeconds * (hour + 1));
        var within = seconds.Where(one => one.At >= from && one.At < to).ToList();
        var depth = Depths.LastOrDefault(one => one.At < to).All;
        var note = hour is DayPlan.PushCampaignAt or DayPlan.MailCampaignAt ? "  <- campaign" : hour >= (int)DayPlan.OutageFrom && hour < DayPlan.OutageTo ? "  <- no mails" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"  {hour:00}:00 {within.Sum(one => one.Came) / plan.Hour.TotalSeconds,7:0} {within.Sum(one => one.Went) / plan.Hour.TotalSeconds,7:0} {depth,8} {load.Answers[hour].Percentile(99),8:0} "
            + $"{P99(hour, DayFigures.Critical),10:0} {P99(hour, DayFigures.Others),10:0} {P99(hour, DayFigures.Mails),10:0} {P99(hour, DayFigures.Campaigns),10:0}{note}");
    }

    private double P99(int hour, string kind) => waits.FirstOrDefault(wait => wait.Hour == hour && wait.Kind == kind)?.P99 ?? 0;

    private void Reckon()
    {
        var began = (plan.Hour * DayPlan.OutageFrom).TotalSeconds;
        var ended = (plan.Hour * DayPlan.OutageTo).TotalSeconds;
        var before = Depths.Where(one => one.At < began).Select(one => one.Mails).DefaultIfEmpty().TakeLast(10).Max();
        var drained = Depths.FirstOrDefault(one => one.At > ended && one.Mails <= Math.Max(before * 2, 20)).At;
        var usual = Median(Enumerable.Range(0, DayPlan.Hours).Select(hour => P99(hour, DayFigures.Critical)));

        figures["times_faster"] = plan.TimesFaster;
        figures["percent_of_16_million"] = plan.Share * 100;
        figures["rate_of_the_real_day"] = plan.PerSecond / (DayPlan.RealDay / 86_400d);
        figures["accepted"] = load.Accepted;
        figures["stored"] = books.Stored;
        figures["sent"] = books.Sent;
        figures["not_sent"] = books.Unsent;
        figures["lost"] = books.Lost + Math.Max(0, load.Accepted - books.Stored);
        figures["duplicates"] = books.Duplicates;
        figures["asked_again"] = load.AskedAgain;
        figures["most_in_a_second"] = seconds.Select(one => one.Came).DefaultIfEmpty().Max();
        figures["most_out_in_a_second"] = seconds.Select(one => one.Went).DefaultIfEmpty().Max();
        figures["peak_depth"] = Depths.Select(one => one.All).DefaultIfEmpty().Max();
        figures["mails_waiting_after_the_outage"] = Depths.LastOrDefault(one => one.At <= ended).Mails;
        figures["drained_after_the_outage_s"] = Math.Max(0, drained - ended);
        figures["critical_p99_worst_hour_ms"] = Enumerable.Range(0, DayPlan.Hours).Max(hour => P99(hour, DayFigures.Critical));
        figures["critical_p99_worst_of_median"] = figures["critical_p99_worst_hour_ms"] / Math.Max(1, usual);
        // Pushes and texts in the hour without mails, against the hour before it.
        figures["others_p99_outage_of_before"] = P99((int)DayPlan.OutageFrom, DayFigures.Others) / Math.Max(1, P99((int)DayPlan.OutageFrom - 1, DayFigures.Others));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(DayPlan.Hours / 2);
}
