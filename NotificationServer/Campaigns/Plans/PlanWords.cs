using System.Globalization;

namespace NotificationServer.Campaigns.Plans;

/// What the parts of a plan are called outside, and how they are told to people.
internal static class PlanWords
{
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static IReadOnlyList<string> Days => DayNames;

    public static string Name(ScheduleKind kind) => kind switch
    {
        ScheduleKind.Now => "now",
        ScheduleKind.At => "at",
        ScheduleKind.Local => "local",
        ScheduleKind.Recurring => "recurring",
    };

    public static string Name(FrequencyCap cap) => cap switch
    {
        FrequencyCap.Respect => "respect",
        FrequencyCap.Ignore => "ignore",
    };

    public static string Name(OnError what) => what switch
    {
        OnError.Pause => "pause",
        OnError.Skip => "skip",
    };

    public static string Name(TestMetric metric) => metric switch
    {
        TestMetric.Opened => "opened",
        TestMetric.Clicked => "clicked",
    };

    public static string Name(DayOfWeek day) => DayNames[(int)day];

    /// Null: there is none of this name.
    public static T? Parse<T>(string? name, Func<T, string> called) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (called(value) == name) return value;
        return null;
    }

    public static string Of(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// "mon, tue 09:00 to 18:00".
    public static string Of(SendWindow window) =>
        $"{(window.Days is [] ? "every day" : string.Join(", ", window.Days.OrderBy(day => ((int)day + 6) % 7).Select(Name)))} {Of(window.From)} to {Of(window.To)}";

    /// In the largest unit that says it exactly.
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => Counted(ticks / TimeSpan.TicksPerDay, "day"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => Counted(ticks / TimeSpan.TicksPerHour, "hour"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => Counted(ticks / TimeSpan.TicksPerMinute, "minute"),
        _ => Counted((long)span.TotalSeconds, "second"),
    };

    private static string Counted(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
