using Microsoft.AspNetCore.Mvc;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Admin.Pages.Campaigns;

/// When a campaign goes out, how fast, and until when it is worth sending; with the moments that follow from it.
[Writers(Policies.Marketing)]
internal sealed class ScheduleModel(CampaignStore campaigns, CampaignDesk desk, TimeProvider clock) : StepModel(campaigns, desk)
{
    public const int MostRuns = 8;

    /// Where people are, from where the day begins to where it ends: what a local hour means.
    private static readonly string[] Around =
        ["Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata", "Europe/Zurich", "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"];

    [BindProperty] public ScheduleForm Form { get; set; } = new();

    /// Of what is stored.
    public IReadOnlyList<DateTimeOffset> Runs { get; private set; } = [];
    public IReadOnlyList<(string Zone, DateTimeOffset At)> Locally { get; private set; } = [];
    /// Why there are no runs to show.
    public string? Silence { get; private set; }
    public override string Step => "schedule";
    public Schedule Stored => Campaign.Plan.Schedule;

    public string Sentence => StepModel.AsSentence($"It goes out {CampaignLabels.When(Stored)}");

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        (Seen, Form) = (Campaign.Revision, ScheduleForm.Of(Campaign.Plan));
        Preview();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        var plan = Form.Over(Campaign.Plan, ModelState);
        if (await SaveAsync(Campaign.Name, plan, ct) is { } done) return done;
        Preview();
        return Page();
    }

    /// When a run that is planned for that moment would really begin: not while its window is closed.
    public DateTimeOffset Begins(DateTimeOffset planned) => Campaign.Plan.SendWindow is { } window && Stored.Kind != ScheduleKind.Local
        ? SendWindows.NextOpening(window.Days, window.From, window.To, Stored.TimeZone, planned) : planned;

    protected override string? FieldOf(string pointer) => pointer switch
    {
        "/schedule" or "/schedule/kind" => "Form.Kind",
        "/schedule/at" or "/schedule/local_time" => "Form.At",
        "/schedule/time_zone" => "Form.Zone",
        "/schedule/cron" => Form.Every == Repetition.Other ? "Form.Cron" : "Form.Time",
        "/schedule/until" => "Form.Until",
        "/throttle_per_minute" => "Form.Throttle",
        "/expires_at" => "Form.Expires",
        "/expires_after" or "/expires_after_seconds" => "Form.ExpiresAfter",
        "/failure_limit_percent" => "Form.FailureLimit",
        "/on_error" => "Form.OnError",
        _ when pointer.StartsWith("/send_window", StringComparison.Ordinal) => "Form.To",
        _ => null,
    };

    private void Preview()
    {
        var now = clock.GetUtcNow();
        switch (Stored)
        {
            case { Kind: ScheduleKind.Local, LocalTime: { } local }:
                Locally = [.. Around.Select(zone => (zone, LocalTimes.InstantOf(local, zone))).OrderBy(one => one.Item2)];
                break;
            case { Kind: ScheduleKind.At, At: { } at }:
                Runs = [at];
                if (at < now) Silence = "This moment is over.";
                break;
            case { Kind: ScheduleKind.Recurring, Cron: not null }:
                Runs = Occurrences.Preview(Stored, now, MostRuns);
                if (Runs.Count == 0) Silence = "There is no such moment any more.";
                break;
            default:
                Silence = Stored.Kind == ScheduleKind.Now ? "It begins as soon as somebody launches it." : "Say when it goes out and save: the moments that follow from it are shown here.";
                break;
        }
    }
}
