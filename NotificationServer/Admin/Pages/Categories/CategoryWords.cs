using System.Globalization;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Categories;

/// What a category's settings mean for the people who get it.
internal static class CategoryWords
{
    public static string Class(string name) => name switch
    {
        "critical" => "Goes first, and is sent in spite of opt-outs and quiet hours; only a block or a suppressed address stops it. For sign-in codes and security.",
        "transactional" => "What somebody waits for because of something they did. It respects what they switched off.",
        "marketing" => "What we would like them to read. It respects every opt-out, goes last, and each mail carries a way out.",
        _ => "",
    };

    /// "At most 3 in 7 days; one too many waits for its turn."
    public static string Limit(Category category) => category.LimitCount is not { } count || category.LimitPer is not { } per ? "" :
        $"People get at most {Words.Number(count)} in {Time(per)} on each channel; {(category.LimitPolicy switch { "drop" => "one too many is not sent", "merge" => "of those that wait only the newest is sent", _ => "one too many waits for its turn" })}.";

    public static string Sentence(Category category)
    {
        var limit = Limit(category) is { Length: > 0 } words ? words : "People get as many of these as are sent.";
        var quiet = category.Class == "critical" && category.QuietHours == "ignore" ? "At any time of the day." : category.QuietHours switch
        {
            "ignore" => "Also in their quiet hours.",
            "expire" => "Not in a person's quiet hours: what falls into them is not sent at all.",
            _ => "Not in a person's quiet hours: it waits until they end.",
        };
        var start = category.Class == "critical" ? "" : category.DefaultOptIn ? " Sent until somebody says no." : " Sent only to those who said yes.";
        var end = category.ExpiresAfter is { } after ? $" Not sent any more after {Time(after)}." : "";
        return $"{limit} {quiet}{start}{end}";
    }

    public static string Time(TimeSpan time) => time switch
    {
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => Count((long)time.TotalDays, "day"),
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => Count((long)time.TotalHours, "hour"),
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => Count((long)time.TotalMinutes, "minute"),
        _ => Count((long)time.TotalSeconds, "second"),
    };

    private static string Count(long count, string unit) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {unit}{(count == 1 ? "" : "s")}";
}
