using System.Globalization;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns.Reports;

/// What a flight plan goes by, in words: the most important first.
internal static class FlightNotes
{
    public static IEnumerable<string> Of(Flight flight, CampaignPlan plan, Reach reach, DateTimeOffset? next)
    {
        if (flight.TooLate >= 0.5)
            yield return $"{Number(flight.TooLate)} of {Number(reach.Messages)} messages would be too late: it expires on {Exact(flight.ExpiresAt)}. Let it begin earlier, expire later, go faster, or reach fewer people.";
        else if (flight.End is null)
            yield return "It would not be done within two months.";
        foreach (var held in flight.Runways.Held) yield return $"{Name(held)} is paused. The plan is made as if it were not.";
        if (next is not null && flight.End > next) yield return $"The next run begins on {Exact(next)}, before this one would be done.";
        if (plan.ThrottlePerMinute is { } throttle) yield return $"The throttle lets {Number(throttle)} people a minute through.";
        if (plan.SendWindow is { } window) yield return $"It is sent {Days(window.Days)} from {Time(window.From)} to {Time(window.To)} {Clock(plan.Schedule)}.";
        foreach (var runway in flight.Runways.ByAccount.Values.Where(runway => flight.Routes.Any(route => route.Accounts is [var first, ..] && first == runway.Account)))
            yield return $"{runway.Account} sends {RateOf(runway)}.";
        foreach (var (channel, waiting) in flight.Runways.Waiting.Where(pair => pair.Value > 0))
            yield return $"{Number(waiting)} messages wait for {Name(channel)} already; they go first.";
        if (plan.AbTest is { } test) yield return $"{test.SamplePercent} % of the people are the test; the rest follows when the winner is chosen.";
        if (reach.HeldByQuietHours > 0) yield return $"About {Number(reach.HeldByQuietHours)} people have quiet hours then and get theirs when these end, later than shown here.";
        if (reach.HeldByFrequencyCap > 0) yield return $"About {Number(reach.HeldByFrequencyCap)} people were told enough for now and get theirs later than shown here.";
    }

    /// "20 a second, 50,000 a day".
    public static string RateOf(Runway runway)
    {
        var rate = runway.Source switch
        {
            RunwaySource.Rate => $"{Number(runway.PerSecond)} a second",
            RunwaySource.Measured => $"{Number(runway.PerSecond)} a second, as measured in the last week",
            RunwaySource.Assumed => $"{Number(runway.PerSecond)} a second, which is assumed: it has no limit, and nothing was measured yet",
        };
        return runway.Limits is { WarmUp: not null } ? $"{rate}, and as many a day as its warm-up allows"
            : runway.Limits.DailyCap is { } cap ? $"{rate} and {Number(cap)} a day{(runway.UsedToday > 0 ? $", of which {Number(runway.UsedToday)} are used today" : "")}"
            : rate;
    }

    private static string Days(IReadOnlyList<DayOfWeek> days) => days.Distinct().Count() switch
    {
        0 or 7 => "every day",
        5 when !days.Contains(DayOfWeek.Saturday) && !days.Contains(DayOfWeek.Sunday) => "Monday to Friday",
        _ => $"on {string.Join(", ", days)}",
    };

    private static string Clock(Schedule schedule) => schedule.Kind == ScheduleKind.Local ? "by everybody's own clock" : $"by the clock of {schedule.TimeZone ?? "UTC"}";

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Exact(DateTimeOffset? at) => at?.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";

    private static string Number(double value) => value.ToString(value is > 0 and < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    private static string Name(string channel) => channel switch
    {
        "ios_push" => "iOS push",
        "android_push" => "Android push",
        "web_push" => "Web push",
        "sms" => "SMS",
        "email" => "E-mail",
        _ => channel,
    };
}
