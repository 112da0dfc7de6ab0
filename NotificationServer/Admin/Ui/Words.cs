using System.Globalization;

namespace NotificationServer.Admin.Ui;

/// The words and figures in which every page says the same thing.
internal static class Words
{
    public static bool IsChannel(string name) => name is "ios_push" or "android_push" or "web_push" or "sms" or "email";

    public static string Channel(string name) => name switch
    {
        "ios_push" => "iOS push",
        "android_push" => "Android push",
        "web_push" => "Web push",
        "push" => "Push",
        "sms" => "SMS",
        "email" => "E-mail",
        _ => name,
    };

    public static string Status(string status) => status switch
    {
        "" => "",
        "published" => "In use",
        "changed" => "Draft waits",
        "processing" => "Being sent",
        "ready" => "Waiting",
        "retrying" => "To be retried",
        "running" => "At work",
        _ => char.ToUpperInvariant(status[0]) + status[1..],
    };

    /// ok, wait, warn, fail or off: the only five meanings of colour.
    public static string Tone(string status) => status switch
    {
        "sent" or "delivered" or "published" or "completed" => "ok",
        "works" or "alive" or "done" or "yes" or "always" or "verified" or "active" or "on" => "ok",
        "queued" or "changed" or "ready" or "scheduled" or "processing" or "running" => "wait",
        "bounced" or "retrying" or "blocked" or "missing" or "expired" => "warn",
        "paused" or "draining" or "finding out" or "asked to wait" => "warn",
        "left alone" or "unusable" or "silent" or "stuck" => "fail",
        "failed" => "fail",
        _ => "off",
    };

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// A count that stopped counting at a limit says so.
    public static string Number(long value, long limit) => value > limit ? $"{Number(limit)}+" : Number(value);

    public static string Plural(long count, string one, string many) => count == 1 ? one : many;

    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)age.TotalHours} h",
        _ => $"{Number((long)age.TotalDays)} days",
    };

    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        return age.Duration() < TimeSpan.FromSeconds(5) ? "just now" : age < TimeSpan.Zero ? $"in {Age(-age)}" : $"{Age(age)} ago";
    }

    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
