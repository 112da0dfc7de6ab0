using System.Globalization;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Monitor;

/// How the figures of the monitor are written.
internal static class Figures
{
    /// 0.4 s, 12 s, 3 min.
    public static string Age(TimeSpan age) => age < TimeSpan.FromSeconds(10)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, age.TotalSeconds):0.0} s") : Words.Age(age);

    public static string Age(double? seconds) => seconds is { } some ? Age(TimeSpan.FromSeconds(some)) : "–";

    /// 0/s, 0.4/s, 12/s.
    public static string Rate(double perSecond) => perSecond switch
    {
        0 => "0/s",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(perSecond, 0.01):0.##}/s"),
        _ => $"{Words.Number((long)Math.Round(perSecond))}/s",
    };

    public static string Share(double? share) => share switch
    {
        null => "–",
        0 => "0%",
        < 0.001 => "<0.1%",
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#}%"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0}%"),
    };

    public static string Took(double milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms") : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");

    public static string Waits(long count, bool about = false) =>
        $"{(about ? "about " : "")}{Words.Number(count)} {Words.Plural(count, "message waits", "messages wait")}";
}
