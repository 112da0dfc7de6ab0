using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Queues;

/// Why is this one slow?
[Writers(Policies.Operations)]
internal sealed class ChannelModel(OutlookReader reader, FlowHistory history, ChannelRows rows, HoldDesk desk) : PageModel
{
    [BindProperty(SupportsGet = true)] public required string Channel { get; set; }

    public Outlook Outlook { get; private set; } = null!; // every handler reads it or answers 404
    public ChannelState State { get; private set; } = null!; // likewise
    public IReadOnlyList<Concern> Concerns { get; private set; } = [];
    public IReadOnlyList<AccountState> Accounts { get; private set; } = [];
    public IReadOnlyList<ChannelRows.Wait> Waits { get; private set; } = [];
    public IReadOnlyList<ChannelRows.Oldest> Oldest { get; private set; } = [];
    public IReadOnlyList<FlowPoint> Week { get; private set; } = [];
    public HoldForm Form { get; private set; } = new(null, null);

    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public string Sentence => Concerns.Count > 0 ? Concerns[0].Sentence
        : State.Oldest is { } oldest ? $"{State.Name} is moving: {Figures.Rate(State.RateOut)} go out, and the oldest message has waited {Figures.Age(oldest)}."
        : State.Scheduled > 0 ? $"Nothing waits; {Words.Number(State.Scheduled)} {Words.Plural(State.Scheduled, "message is", "messages are")} scheduled for later."
        : "Nothing waits to be sent.";

    public IReadOnlyList<DateTimeOffset> Minutes => ChannelState.Minutes(Outlook.Now);

    public IReadOnlyList<DateTimeOffset> Hours
    {
        get
        {
            var hour = new DateTimeOffset(Outlook.Now.UtcTicks - (Outlook.Now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
            return [.. Enumerable.Range(-167, 168).Select(n => hour.AddHours(n))];
        }
    }

    public static IReadOnlyList<ChartSeries> Series(IEnumerable<FlowPoint> points, IReadOnlyList<DateTimeOffset> times) =>
    [
        new("In", "accent", ChannelState.Sums(points, times, point => point.Came)),
        new("Out", "ok", ChannelState.Sums(points, times, point => point.Went)),
        new("Failed", "fail", ChannelState.Sums(points, times, point => point.Failed)),
    ];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public Task<IActionResult> OnPostPauseAsync(string? reason, int? minutes, CancellationToken ct) =>
        HoldAsync(SwitchKind.Channel, Channel, SwitchMode.Paused, new HoldForm(reason, minutes), ct);

    public Task<IActionResult> OnPostDrainAsync(string? reason, int? minutes, CancellationToken ct) =>
        HoldAsync(SwitchKind.Channel, Channel, SwitchMode.Draining, new HoldForm(reason, minutes), ct);

    public Task<IActionResult> OnPostResumeAsync(string? reason, CancellationToken ct) => ResumeAsync(SwitchKind.Channel, Channel, reason, ct);

    public Task<IActionResult> OnPostPauseAccountAsync(string account, string? reason, int? minutes, CancellationToken ct) =>
        HoldAsync(SwitchKind.Account, account, SwitchMode.Paused, new HoldForm(reason, minutes), ct);

    public Task<IActionResult> OnPostResumeAccountAsync(string account, string? reason, CancellationToken ct) => ResumeAsync(SwitchKind.Account, account, reason, ct);

    private async Task<IActionResult> HoldAsync(SwitchKind kind, string name, SwitchMode mode, HoldForm form, CancellationToken ct)
    {
        if (!desk.Exists(SwitchKind.Channel, Channel) || !desk.Exists(kind, name)) return NotFound();
        if (form.Problem is { } problem) return await RefusedAsync(problem, form, ct);
        await desk.HoldAsync(kind, name, mode, form, Authors.Of(User.Identity?.Name), ct);
        this.Say(mode == SwitchMode.Paused ? $"{Words.Channel(name)} is paused." : $"{Words.Channel(name)} drains: it takes nothing new in.", tone: "warn");
        return RedirectToPage();
    }

    private async Task<IActionResult> ResumeAsync(SwitchKind kind, string name, string? reason, CancellationToken ct)
    {
        if (!desk.Exists(SwitchKind.Channel, Channel) || !desk.Exists(kind, name)) return NotFound();
        if (HoldForm.Trouble(reason, required: false) is { } problem) return await RefusedAsync(problem, new HoldForm(reason, null), ct);
        await desk.ResumeAsync(kind, name, reason, Authors.Of(User.Identity?.Name), ct);
        this.Say($"{Words.Channel(name)} runs again.");
        return RedirectToPage();
    }

    private async Task<IActionResult> RefusedAsync(string problem, HoldForm form, CancellationToken ct)
    {
        ModelState.AddModelError("Reason", problem);
        Form = form;
        return await ReadAsync(ct) ? Page() : NotFound();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!desk.Exists(SwitchKind.Channel, Channel)) return false;
        Outlook = await reader.ReadAsync(ct);
        State = Outlook.Channels.Single(channel => channel.Channel == Channel);
        Concerns = [.. Monitor.Concerns.Of(Outlook).Where(concern => concern.Channel == Channel)];
        Accounts = [.. Outlook.Accounts.Where(account => account.Channels.Contains(Channel))];
        Waits = await rows.WaitsAsync(Channel, State.Ready + State.Scheduled + State.Processing, ct);
        Oldest = await rows.OldestAsync(Channel, ct);
        Week = await history.LastWeekAsync(Channel, ct);
        return true;
    }
}
