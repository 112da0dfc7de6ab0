using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Campaigns;

/// How a campaign goes, or went: one run of it, its newest unless another is asked for.
[Writers(Policies.Marketing)]
internal sealed class ReportModel(CampaignStore campaigns, CampaignDesk desk, FiguresReader figures, NotificationServer.Queue.Operations operations) : PageModel
{
    private const int RunsShown = 20;
    private const int MostRetried = 1_000_000;
    private const int LongestReason = 500;
    public const int FastestThrottle = 10_000_000;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    /// A run's id.
    [BindProperty(SupportsGet = true, Name = "run")] public string? RunId { get; set; }
    /// Of the list of runs: the last one that was shown.
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? PerMinute { get; set; }
    /// The pace holds for the runs to come, too.
    [BindProperty] public bool Following { get; set; }

    public Campaign Campaign { get; private set; } = null!; // every handler finds it or answers 404
    public CampaignFigures? Run { get; private set; }
    public RunPace Pace { get; private set; } = new(0, null);
    public RunChart? Chart { get; private set; }
    public IReadOnlyList<CampaignFigures> Runs { get; private set; } = [];
    public string? OlderRuns { get; private set; }
    public string? Problem { get; private set; }

    public bool MayWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);
    public bool IsNewest => Run is null || Runs.Count == 0 || Before is null && Runs[0].RunId == Run.RunId;
    public bool IsUnderWay => Run is { IsRunning: true, Ending: null };
    public bool CanPause => IsUnderWay && Run is { PausedAt: null };
    public bool CanResume => IsUnderWay && Run is { PausedAt: not null };
    /// Between its runs.
    public bool CanCancelPlan => !IsUnderWay && Campaign.Status is CampaignStatus.Scheduled;
    public long Failed => Run?.Of("failed") ?? 0;

    public string Sentence => Run is null ? Campaign.Status == CampaignStatus.Scheduled ? $"It goes out {CampaignLabels.When(Campaign.Plan.Schedule)}." : ""
        : (Campaign.Status, Campaign.NextRunAt) is (CampaignStatus.Scheduled, { } next)
        ? $"{ReportWords.Sentence(Run, Pace)} It goes out again on {Words.Exact(next)}." : ReportWords.Sentence(Run, Pace);

    public string Link(string rest) => $"{Request.PathBase}/admin/campaigns/{Id}{rest}";

    /// The people that a figure stands for.
    public string Recipients(string? status = null, string? channel = null, string? did = null, string? locale = null) =>
        Link("/recipients") + QueryString.Create(new Dictionary<string, string?> { ["run"] = Run is null || IsNewest ? null : PrefixedId.Format("run", Run.RunId), ["status"] = status, ["channel"] = channel, ["did"] = did, ["locale"] = locale }
            .Where(pair => pair.Value is not null));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        // Before it is launched its plan is all there is; from then on this page follows it, from the first second.
        return Run is null && Campaign.Status != CampaignStatus.Scheduled && CampaignLabels.CanBeEdited(Campaign.Status) ? Redirect(Link("/review")) : Page();
    }

    public Task<IActionResult> OnPostPauseAsync(CancellationToken ct) => DoAsync(
        (id, actor) => desk.PauseAsync(id, Given(Reason), actor, ct), "Paused. What is being sent at this moment still arrives.", ct, "warn");

    public Task<IActionResult> OnPostResumeAsync(CancellationToken ct) => DoAsync((id, actor) => desk.ResumeAsync(id, actor, ct), "It goes on.", ct);

    public Task<IActionResult> OnPostCancelAsync(CancellationToken ct) => DoAsync(
        (id, actor) => desk.CancelAsync(id, Given(Reason), actor, ct), "Cancelled. What is not sent yet is taken back.", ct, "warn");

    public async Task<IActionResult> OnPostThrottleAsync(CancellationToken ct)
    {
        int? wanted = null;
        if (Given(PerMinute) is { } text)
        {
            if (!int.TryParse(text, out var number) || number is < 1 or > FastestThrottle)
            {
                Problem = $"The pace was not changed: use a number from 1 to {Words.Number(FastestThrottle)}, or nothing for as fast as it goes.";
                return await ReadAsync(ct) ? Page() : NotFound();
            }
            wanted = number;
        }
        return await DoAsync((id, actor) => desk.ThrottleAsync(id, wanted, actor, ct, Following),
            wanted is null ? "It goes as fast as the queue takes it." : $"It goes at {Words.Number(wanted.Value)} people a minute.", ct);
    }

    /// The same as over REST: what waits for a decision, of all its runs.
    public async Task<IActionResult> OnPostRetryAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Given(Reason) is not { Length: <= LongestReason } why)
        {
            Problem = $"Nothing was sent again: say why, in at most {LongestReason} characters. It is kept with each message.";
            return Page();
        }
        var operation = await operations.StartAsync(new OperationRequest(
            OperationType.Requeue, new DeadLetterFilter { Campaign = Campaign.Id }, why, Authors.Of(User.Identity?.Name)) { Most = MostRetried, Rate = null }, ct);
        return Redirect($"{Request.PathBase}/admin/operations/{PrefixedId.Format("op", operation.Id)}");
    }

    public async Task<IActionResult> OnPostCloneAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        var answer = await desk.CloneAsync(Campaign.Id, Authors.Of(User.Identity?.Name), ct);
        if (answer is not { Status: CampaignAnswerStatus.Done, Campaign: { } copy }) return Refused(answer);
        this.Say($"This is a copy of “{Campaign.Name}”, as a draft.");
        return Redirect($"{Request.PathBase}/admin/campaigns/{PrefixedId.Format("cmp", copy.Id)}/audience");
    }

    private async Task<IActionResult> DoAsync(Func<Guid, string, Task<CampaignAnswer>> act, string told, CancellationToken ct, string tone = "ok")
    {
        if (!await ReadAsync(ct)) return NotFound();
        var answer = await act(Campaign.Id, Authors.Of(User.Identity?.Name));
        if (answer.Status != CampaignAnswerStatus.Done) return await ReadAsync(ct) ? Refused(answer) : NotFound();
        this.Say(told, tone: tone);
        return Redirect(Link(""));
    }

    private PageResult Refused(CampaignAnswer answer)
    {
        Problem = $"Nothing was changed: {answer.Problem ?? answer.Errors.Select(error => error.Message).FirstOrDefault() ?? "it is in another state now"}";
        return Page();
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("cmp", Id, out var id) || await campaigns.FindAsync(id, ct) is not { } campaign) return false;
        Campaign = campaign;
        var runs = await figures.OfCampaignAsync(id, RunsShown + 1, ct, PrefixedId.TryParse("run", Before, out var before) ? before : null);
        Runs = [.. runs.Take(RunsShown)];
        OlderRuns = runs.Count > RunsShown ? PrefixedId.Format("run", Runs[^1].RunId) : null;
        if (RunId is null) Run = Runs is [var newest, ..] ? newest : null;
        else if (!PrefixedId.TryParse("run", RunId, out var run) || (Run = await figures.OfRunAsync(id, run, ct)) is null) return false;
        if (Run is null) return true;

        var step = RunChart.StepFor(Run);
        var moments = await figures.MomentsAsync(Run.RunId, step, ct);
        Chart = RunChart.Of(Run, moments, step);
        Pace = RunPace.Of(Run, step == RunPace.Bin ? moments : await figures.MomentsAsync(Run.RunId, RunPace.Bin, ct));
        return true;
    }
}
