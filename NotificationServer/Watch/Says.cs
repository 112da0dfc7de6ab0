using System.Globalization;

namespace NotificationServer.Watch;

/// Figures and names as people read them, wherever they are told: on a page, in a mail, in a chat.
internal static class Says
{
    public static bool IsChannel(string name) => name is "ios_push" or "android_push" or "web_push" or "sms" or "email";

    public static string Channel(string name) => name switch
    {
        "ios_push" => "iOS push",
        "android_push" => "Android push",
        "web_push" => "Web push",
        "sms" => "SMS",
        "email" => "E-mail",
        _ => name,
    };

    public static string Number(double value) => value.ToString(value == Math.Floor(value) ? "N0" : "N1", CultureInfo.InvariantCulture);

    public static string Share(double share) => (100 * share).ToString(share < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture) + "%";

    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => $"{(int)time.TotalSeconds} s",
        { TotalMinutes: < 120 } => $"{(int)time.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)time.TotalHours} h",
        _ => $"{(int)time.TotalDays} days",
    };

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
