using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Templates;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Calendar;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Platform;
using NotificationServer.Templates.Preview;
using Npgsql;

namespace NotificationServer.Admin.Pages.Campaigns;

/// The last look before a campaign goes out: what would happen, what keeps it from happening, and who agrees to it.
[Writers(Policies.Marketing)]
internal sealed class ReviewModel(
    CampaignStore campaigns, CampaignDesk desk, PlanRules rules, FlightPlans flights, CalendarReader calendar, Overlaps overlaps, WordsReader words, NpgsqlDataSource db,
    IOptions<ReportOptions> options, TimeProvider clock)
    : StepModel(campaigns, desk)
{
    private static readonly string[] Worded = ["/template", "/data", "/channels", "/ab_test"];
    private readonly CampaignDesk desk = desk;

    [BindProperty] public string? Note { get; set; }
    /// Whose mail is in the frame, by its place.
    [BindProperty(SupportsGet = true)] public int Variant { get; set; }

    /// For the estimate, however long it takes.
    [BindProperty(SupportsGet = true)] public bool Wait { get; set; }

    public override string Step => "review";
    /// The estimate is still being worked out: the page asks for it once more.
    public bool IsPending { get; private set; }
    public IReadOnlyList<PlanError> Faults { get; private set; } = [];
    public Reach? Reach { get; private set; }
    public FlightPlan? Flight { get; private set; }
    /// Why there is no estimate.
    public string? NoFlight { get; private set; }
    public IReadOnlyList<PlannedWords> Said { get; private set; } = [];
    public IReadOnlyList<Look> Looks { get; private set; } = [];
    public string Audience { get; private set; } = "";
    public IReadOnlyList<PlanChange> Changes { get; private set; } = [];
    public IReadOnlyList<IGrouping<CategoryLimit, Collision>> Collisions { get; private set; } = [];

    public CampaignPlan Plan => Campaign.Plan;
    public bool IsOwn => !Campaign.MayBeApprovedBy(Actor);
    public bool CanBeSubmitted => Faults.Count == 0 && Flight is not { EndsAfterExpiry: true };

    public string Headline => Campaign.Status switch
    {
        CampaignStatus.Draft when Faults.Count > 0 => $"{Words.Number(Faults.Count)} {Words.Plural(Faults.Count, "thing keeps", "things keep")} it from being submitted.",
        CampaignStatus.Draft when Flight is { EndsAfterExpiry: true } => "It would not be through before it expires, so it cannot be submitted like this.",
        CampaignStatus.Draft => $"It is ready to be submitted: {Would}.",
        CampaignStatus.PendingApproval => $"{Authors.Name(Campaign.SubmittedBy ?? Campaign.UpdatedBy)} asks for approval: {Would}.",
        CampaignStatus.Approved => Campaign.ApprovedBy is { } approver ? $"{Authors.Name(approver)} approved it. It waits to be launched." : "It needs no second person. It waits to be launched.",
        CampaignStatus.Scheduled => $"It is scheduled: it goes out {CampaignLabels.When(Plan.Schedule)}.",
        _ => $"It is {CampaignLabels.Agreed(Campaign.Status)}.",
    };

    private string Would => Reach is { } reach
        ? $"about {Words.Number(reach.Reached)} {Words.Plural(reach.Reached, "person", "people")} would get it, {CampaignLabels.When(Plan.Schedule)}"
        : $"it goes out {CampaignLabels.When(Plan.Schedule)}";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await FindAsync(ct) ? await ShowAsync(ct) : NotFound();

    public async Task<IActionResult> OnGetMailAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        Said = await words.OfAsync(Plan, ct);
        return MailDocument.Of(Response, Said.ElementAtOrDefault(Variant) is { } shown ? words.Look(shown, Plan, new Viewer()) : Look.Nothing);
    }

    public Task<IActionResult> OnPostSubmitAsync(CancellationToken ct) => DoAsync(
        id => desk.SubmitAsync(id, Seen, Actor, ct), after => after.Status == CampaignStatus.PendingApproval
            ? "Submitted. A colleague has to approve it before it can go out." : "Submitted and approved: so few people need no second person.", ct);

    public Task<IActionResult> OnPostApproveAsync(CancellationToken ct) => DoAsync(
        id => desk.ApproveAsync(id, Seen, Actor, ct), _ => "Approved. It goes out once somebody launches it.", ct);

    public async Task<IActionResult> OnPostRejectAsync(CancellationToken ct)
    {
        if (!string.IsNullOrWhiteSpace(Note))
            return await DoAsync(id => desk.RejectAsync(id, Seen, Note.Trim(), Actor, ct), _ => "Sent back as a draft, with your note.", ct);
        if (!await FindAsync(ct)) return NotFound();
        Problem = "It was not sent back: write why, so that your colleague knows what to mend.";
        return await ShowAsync(ct);
    }

    public Task<IActionResult> OnPostLaunchAsync(CancellationToken ct) => DoAsync(
        id => desk.LaunchAsync(id, Seen, Actor, ct),
        after => after.Status == CampaignStatus.Scheduled && after.NextRunAt > clock.GetUtcNow().AddMinutes(1) ? "Launched. It is scheduled." : "Launched. It is on its way.", ct, "");

    public Task<IActionResult> OnPostCancelAsync(CancellationToken ct) => DoAsync(
        id => desk.CancelAsync(id, string.IsNullOrWhiteSpace(Note) ? null : Note.Trim(), Actor, ct), _ => "Cancelled. Nothing of it goes out.", ct, "");

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        var name = Campaign.Name;
        var answer = await desk.DeleteAsync(Campaign.Id, Seen, Actor, ct);
        if (answer.Status != CampaignAnswerStatus.Done) return await RefuseAsync(answer, ct);
        this.Say($"“{name}” is gone.");
        return RedirectToPage("/Campaigns/Index", new { id = "" });
    }

    public async Task<IActionResult> OnPostCloneAsync(CancellationToken ct)
    {
        if (!await FindAsync(ct)) return NotFound();
        var answer = await desk.CloneAsync(Campaign.Id, Actor, ct);
        if (answer is not { Status: CampaignAnswerStatus.Done, Campaign: { } copy }) return await RefuseAsync(answer, ct);
        this.Say($"This is a copy of “{Campaign.Name}”, as a draft.");
        return Redirect($"{Request.PathBase}/admin/campaigns/{PrefixedId.Format("cmp", copy.Id)}/audience");
    }

    /// The step that a fault is mended in.
    public static string StepOf(string pointer) =>
        pointer.StartsWith("/audience", StringComparison.Ordinal) || pointer == "/name" ? "audience"
        : Worded.Any(start => pointer.StartsWith(start, StringComparison.Ordinal)) ? "content" : "schedule";

    protected override string? FieldOf(string pointer) => null;

    private async Task<IActionResult> DoAsync(Func<Guid, Task<CampaignAnswer>> act, Func<Campaign, string> told, CancellationToken ct, string? place = null)
    {
        if (!await FindAsync(ct)) return NotFound();
        var answer = await act(Campaign.Id);
        if (answer is not { Status: CampaignAnswerStatus.Done, Campaign: { } after }) return await RefuseAsync(answer, ct);
        this.Say(told(after));
        return Redirect(Link(place ?? Step).TrimEnd('/'));
    }

    private async Task<IActionResult> RefuseAsync(CampaignAnswer answer, CancellationToken ct)
    {
        if (answer.Status == CampaignAnswerStatus.NotFound || !await FindAsync(ct)) return NotFound();
        Problem = answer.Status switch
        {
            CampaignAnswerStatus.Changed => $"Nothing was done: {Authors.Name(Campaign.UpdatedBy)} changed this campaign meanwhile. Look at it as it is now.",
            CampaignAnswerStatus.NeedsSecondPerson => $"Nothing was approved: {answer.Problem ?? "whoever wrote or submitted it cannot be the second person"}.",
            _ => $"Nothing was done: {answer.Problem ?? answer.Errors.Select(error => error.Message).FirstOrDefault() ?? "it is in another state now"}",
        };
        return await ShowAsync(ct);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        ModelState.Clear();
        Seen = Campaign.Revision;
        Said = await words.OfAsync(Plan, ct);
        Looks = [.. Said.Select(one => words.Look(one, Plan, new Viewer()))];
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            Audience = AudienceWords.Sentence(Plan.Audience, await AudienceWords.NamesAsync(connection, Plan.Audience, ct));
            if (Campaign.ApprovedPlan is { } agreed && Campaign.Status is (CampaignStatus.Draft or CampaignStatus.PendingApproval))
            {
                var names = new Dictionary<Guid, string>(await AudienceWords.NamesAsync(connection, agreed.Audience, ct));
                foreach (var (id, name) in await AudienceWords.NamesAsync(connection, Plan.Audience, ct)) names[id] = name;
                Changes = PlanDiff.Of(agreed, Plan, id => names.GetValueOrDefault(id, PrefixedId.Format("seg", id)));
            }
        }
        if (CampaignLabels.CanBeEdited(Campaign.Status))
        {
            Faults = await rules.CheckReadyAsync(Plan, ct);
            await EstimateAsync(ct);
            await CollideAsync(ct);
        }
        return Page();
    }

    private async Task EstimateAsync(CancellationToken ct)
    {
        var working = flights.OfAsync(Campaign, ct);
        if (!Wait && HttpMethods.IsGet(Request.Method) && await Task.WhenAny(working, Task.Delay(options.Value.EstimatePatience, clock, ct)) != working)
        {
            // Whoever asks next gets what this began.
            IsPending = true;
            return;
        }
        var answer = await working;
        (Flight, Reach) = (answer.Plan, answer.Reach);
        if (Flight is null) NoFlight = answer.Errors.Select(error => AsSentence(error.Message)).FirstOrDefault();
    }

    /// With whatever else is planned for the next month.
    private async Task CollideAsync(CancellationToken ct)
    {
        var limits = await calendar.LimitsAsync(ct);
        if (limits.Count == 0) return;
        var now = clock.GetUtcNow();
        var runs = await calendar.RunsAsync(now - CalendarReader.LookBack(limits), now.AddDays(31), ct);
        var tooMany = NotificationServer.Campaigns.Calendar.Collisions.Of(runs, limits)
            .Where(collision => !collision.Run.HasBegun && (collision.Run.CampaignId == Campaign.Id || collision.Before.Any(run => run.CampaignId == Campaign.Id)));
        Collisions = [.. (await overlaps.OfAsync([.. tooMany], ct)).GroupBy(collision => collision.Limit)];
    }
}
