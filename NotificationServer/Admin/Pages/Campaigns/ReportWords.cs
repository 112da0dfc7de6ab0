using System.Globalization;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Admin.Pages.Campaigns;

/// A run as people speak of it.
internal static class ReportWords
{
    public static string Sentence(CampaignFigures run, RunPace pace) => run switch
    {
        { Outcome: "completed" } => $"Sent to {Words.Number(run.Addressed)} of {People(run.Audience)}.{Liked(run)}",
        { Outcome: "cancelled" } => $"Cancelled when {Words.Number(run.Expanded)} of {People(run.Audience)} had been dealt with.",
        { Outcome: "expired" } => $"Its time was over when {Words.Number(run.Expanded)} of {People(run.Audience)} had been dealt with.",
        { Outcome: "failed" } => $"It failed. {run.Problem}",
        { Ending: "cancelled" } => $"It is being cancelled: {Words.Number(run.Of("queued"))} messages are still under way or to be taken back.",
        { Ending: not null } => $"It ends: {Words.Number(run.Of("queued"))} messages are still under way.",
        { PausedAt: not null } => $"Paused. {Words.Number(run.Expanded)} of {People(run.Audience)} have been dealt with; nothing goes out until somebody resumes it.",
        { Phase: "gathering" } => $"It is being written down whom it means: {People(run.Audience)} so far.",
        { Phase: "deciding" } => $"The test is out.{(run.DecideAt is { } at ? $" The winner is chosen on {Words.Exact(at)}." : "")}",
        { Phase: "verifying" } => $"Everybody has been dealt with; {(run.Of("queued") > 0 ? $"{Words.Number(run.Of("queued"))} messages wait to be sent{Left(pace)}" : "it is counted again whether nobody is missing")}.",
        _ when run.NextAt > run.At.AddMinutes(1) => $"It waits for its hours: {Words.Number(run.Expanded)} of {People(run.Audience)} have been dealt with.",
        _ => $"{Words.Number(run.Expanded)} of {People(run.Audience)} have been dealt with{Left(pace)}.",
    };

    public static string State(CampaignFigures run) => run switch
    {
        { Outcome: "completed" } => "Sent",
        { Outcome: { } outcome } => Words.Status(outcome),
        { Ending: "cancelled" } => "Being cancelled",
        { PausedAt: not null } => "Paused",
        { Phase: "gathering" } => "Counting people",
        { Phase: "deciding" } => "Waits for the test",
        { Phase: "verifying" } => "Being checked",
        _ => "Being sent",
    };

    public static string Tone(CampaignFigures run) => run switch
    {
        { Outcome: "completed" } => "ok",
        { Outcome: "failed" } => "fail",
        { Outcome: "expired" } or { PausedAt: not null } => "warn",
        { Outcome: not null } => "off",
        _ => "wait",
    };

    /// "1,204 messages a minute, done in about 4 h".
    public static string Speed(CampaignFigures run, RunPace pace) => run switch
    {
        { IsRunning: false } or { PausedAt: not null } or { Phase: "gathering" } => "",
        _ => $"{Rate(pace)}{Left(pace)}",
    };

    public static string Rate(RunPace pace) => $"{Words.Number((long)Math.Round(pace.MessagesPerMinute))} messages a minute";

    public static string Short(string reason) => reason switch
    {
        "opted_out" => "wants nothing on this channel",
        "category_opted_out" => "does not want this category",
        "blocked" => "blocked",
        "no_address" => "no address or device",
        "suppressed_address" => "address is suppressed",
        "no_provider" => "no provider carries it",
        "quiet_hours_expired" => "quiet hours last too long",
        "frequency_capped" => "was told often enough",
        "duplicate" => "has it already",
        "template_error" => "the words lack something",
        _ => reason.Replace('_', ' '),
    };

    /// "German (Switzerland)"; a tag that no language has stays what it is.
    public static string Locale(string tag)
    {
        if (tag.Length == 0 || tag == RecipientsModel.NoLocale) return "None known";
        try
        {
            var culture = CultureInfo.GetCultureInfo(tag.Replace('_', '-'), predefinedOnly: true);
            return culture.EnglishName;
        }
        catch (CultureNotFoundException)
        {
            return tag;
        }
    }

    public static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    public static string Percent(double part, double whole) => whole <= 0 ? "–" : (part / whole) switch
    {
        0 => "0 %",
        < 0.001 => "< 0.1 %",
        >= 0.995 and < 1 => "> 99 %",
        < 0.1 => $"{(100 * part / whole).ToString("0.0", CultureInfo.InvariantCulture)} %",
        var share => $"{(100 * share).ToString("0", CultureInfo.InvariantCulture)} %",
    };

    public static string People(long count) => $"{Words.Number(count)} {Words.Plural(count, "person", "people")}";

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => "a minute",
        { TotalMinutes: < 90 } => $"{Math.Round(time.TotalMinutes).ToString("0", CultureInfo.InvariantCulture)} min",
        { TotalHours: < 48 } when time.Minutes >= 5 => $"{Math.Floor(time.TotalHours).ToString("0", CultureInfo.InvariantCulture)} h {time.Minutes} min",
        { TotalHours: < 48 } => $"{Math.Round(time.TotalHours).ToString("0", CultureInfo.InvariantCulture)} h",
        _ => $"{Math.Round(time.TotalDays).ToString("0", CultureInfo.InvariantCulture)} days",
    };

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Left(RunPace pace) => pace.Remaining is { } left && left > TimeSpan.Zero ? $", done in about {Duration(left)}" : "";

    private static string Liked(CampaignFigures run) => run.Taken == 0 || run.Did("opened_human") == 0 ? ""
        : $" {Percent(run.Did("opened_human"), run.Taken)} of the messages were opened by people.";
}
