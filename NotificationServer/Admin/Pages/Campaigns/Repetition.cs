using System.Globalization;

namespace NotificationServer.Admin.Pages.Campaigns;

/// Again and again, in the words of a form: what a cron expression of that shape says; any other one is kept as it is written.
internal sealed record Repetition(string Every)
{
    public const string Day = "day", Weeks = "week", Month = "month", Other = "other";

    public TimeOnly Time { get; init; } = new(9, 0);
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];
    public int DayOfMonth { get; init; } = 1;
    /// Of <see cref="Other"/>.
    public string? Cron { get; init; }

    public static Repetition Of(string? cron)
    {
        if (cron is null) return new Repetition(Weeks) { Days = [DayOfWeek.Monday] };
        var other = new Repetition(Other) { Cron = cron };
        if (cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var minute, var hour, var day, "*", var days]
            || Number(minute, 0, 59) is not { } minutes || Number(hour, 0, 23) is not { } hours) return other;
        var at = new Repetition(Day) { Time = new TimeOnly(hours, minutes) };
        return (day, days) switch
        {
            ("*", "*") => at,
            ("*", _) => DaysOf(days) is { } listed ? at with { Every = Weeks, Days = listed } : other,
            (_, "*") => Number(day, 1, 31) is { } one ? at with { Every = Month, DayOfMonth = one } : other,
            _ => other,
        };
    }

    public string? ToCron()
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{Time.Minute} {Time.Hour}");
        return Every switch
        {
            Day => $"{time} * * *",
            Weeks => $"{time} * * {string.Join(',', CampaignLabels.Week.Where(Days.Contains).Select(day => (int)day))}",
            Month => string.Create(CultureInfo.InvariantCulture, $"{time} {DayOfMonth} * *"),
            _ => string.IsNullOrWhiteSpace(Cron) ? null : Cron.Trim(),
        };
    }

    public string Words => Every switch
    {
        Day => $"every day at {Time:HH\\:mm}",
        Weeks => $"{(Days.Count is 1 or 2 or 3 or 4 or 6 ? "every " : "")}{CampaignLabels.Days(Days)} at {Time:HH\\:mm}",
        Month => $"on day {DayOfMonth} of every month at {Time:HH\\:mm}",
        _ => $"by the cron expression {Cron}",
    };

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    // 1-5, 1,3,5 and names; 0 and 7 are Sunday.
    private static List<DayOfWeek>? DaysOf(string text)
    {
        var days = new List<DayOfWeek>();
        foreach (var part in text.Split(','))
        {
            if (part.Split('-') is [var from, var to])
            {
                if (DayNumber(from) is not { } first || DayNumber(to) is not { } last || last < first) return null;
                days.AddRange(Enumerable.Range(first, last - first + 1).Select(day => (DayOfWeek)(day % 7)));
            }
            else if (DayNumber(part) is { } one) days.Add((DayOfWeek)(one % 7));
            else return null;
        }
        return days;
    }

    private static int? DayNumber(string text) => Number(text, 0, 7)
        ?? (Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at : null);

    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
}
