using System.Globalization;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Admin.Pages.Campaigns;

/// A campaign as people speak of it.
internal static class CampaignLabels
{
    public static string Status(CampaignStatus status) => status switch
    {
        CampaignStatus.Draft => "Draft",
        CampaignStatus.PendingApproval => "Waits for approval",
        CampaignStatus.Approved => "Approved",
        CampaignStatus.Scheduled => "Scheduled",
        CampaignStatus.Running => "Being sent",
        CampaignStatus.Paused => "Paused",
        CampaignStatus.Completed => "Sent",
        CampaignStatus.Cancelled => "Cancelled",
        CampaignStatus.Expired => "Expired",
        CampaignStatus.Failed => "Failed",
    };

    public static string Tone(CampaignStatus status) => status switch
    {
        CampaignStatus.PendingApproval or CampaignStatus.Paused or CampaignStatus.Expired => "warn",
        CampaignStatus.Scheduled or CampaignStatus.Running => "wait",
        CampaignStatus.Approved or CampaignStatus.Completed => "ok",
        CampaignStatus.Failed => "fail",
        CampaignStatus.Draft or CampaignStatus.Cancelled => "off",
    };

    /// "This campaign is ..."
    public static string Agreed(CampaignStatus status) => status switch
    {
        CampaignStatus.PendingApproval => "waiting for approval",
        CampaignStatus.Approved => "approved",
        _ => Status(status).ToLowerInvariant(),
    };

    /// It was not begun yet, so that its plan can still be changed.
    public static bool CanBeEdited(CampaignStatus status) =>
        status is CampaignStatus.Draft or CampaignStatus.PendingApproval or CampaignStatus.Approved or CampaignStatus.Scheduled;

    public static string When(Schedule schedule) => schedule switch
    {
        { Kind: ScheduleKind.Now } => "as soon as it is launched",
        { Kind: ScheduleKind.At, At: { } at } => $"{Clock(at, schedule.TimeZone)}, {Zone(schedule.TimeZone)}",
        { Kind: ScheduleKind.Local, LocalTime: { } local } => $"{Clock(local)} by everybody’s own clock",
        { Kind: ScheduleKind.Recurring, Cron: { } cron } => $"{Repetition.Of(cron).Words}, {Zone(schedule.TimeZone)}"
            + (schedule.Until is { } until ? $", until {Clock(until, schedule.TimeZone)}" : ""),
        _ => "at a time that is not said yet",
    };

    public static string Window(SendWindow window, bool isLocal) =>
        $"{Days(window.Days)} from {window.From:HH\\:mm} to {window.To:HH\\:mm}{(window.To < window.From ? " of the next day" : "")}{(isLocal ? ", by everybody’s own clock" : "")}";

    /// "Mondays to Fridays", "Mondays, Wednesdays".
    public static string Days(IReadOnlyCollection<DayOfWeek> days)
    {
        var ordered = Week.Where(days.Contains).ToArray();
        return ordered.Length switch
        {
            0 or 7 => "every day",
            5 when ordered.SequenceEqual(Week.Take(5)) => "Monday to Friday",
            2 when ordered.SequenceEqual(Week.Skip(5)) => "Saturday and Sunday",
            1 => ordered[0].ToString(),
            _ => $"{string.Join(", ", ordered.SkipLast(1))} and {ordered[^1]}",
        };
    }

    public static IReadOnlyList<DayOfWeek> Week { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    public static string Span(TimeSpan time) => Categories.CategoryWords.Time(time);

    public static string Zone(string? zone) => (zone ?? "UTC").Replace('_', ' ');

    public static string Clock(DateTimeOffset at, string? zone) => Clock(LocalTimes.LocalOf(at, zone));

    public static string Clock(DateTime local) => local.ToString("ddd d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Channel(string name) => Words.Channel(name);

    /// `schedule.local_time` as people say it.
    public static string Field(string field) => field switch
    {
        "template_version" => "Version of the template",
        "send_window" => "Hours",
        "throttle_per_minute" => "People a minute",
        "expires_at" or "expires_after" => "Expires",
        "frequency_cap" => "Limits",
        "on_error" => "When too much fails",
        "failure_limit_percent" => "Too much is, in percent",
        "ab_test" => "Test of variants",
        "audience.segment_ids" => "Sent to",
        "audience.exclude_segment_ids" => "Left out",
        _ => StepModel.AsSentence(field.Replace('_', ' ').Replace('.', ' ')).TrimEnd('.'),
    };
}
