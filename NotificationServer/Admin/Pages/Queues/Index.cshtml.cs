using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Queues;

/// What is moving, what is not? Every lane of every channel, and the switches.
[Writers(Policies.Operations)]
internal sealed class IndexModel(OutlookReader reader, HoldDesk desk, TimeProvider clock) : PageModel
{
    public IReadOnlyList<ChannelState> Channels { get; private set; } = [];
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    /// What the form said that was refused, so that nobody types it twice.
    public HoldForm Form { get; private set; } = new(null, null);

    public string Sentence
    {
        get
        {
            var held = Channels.Where(channel => channel.Held is not null).ToList();
            var ready = Channels.Sum(channel => channel.Ready);
            var moving = ready == 0 ? "Nothing is ready to be sent." : $"{Figures.Waits(ready, Channels.Any(channel => channel.Estimated))} to be sent; "
                + $"{Figures.Rate(Channels.Sum(channel => channel.RateIn))} come in and {Figures.Rate(Channels.Sum(channel => channel.RateOut))} go out.";
            return held.Count == 0 ? moving : $"{string.Join(" and ", held.Select(channel => channel.Name))} {Words.Plural(held.Count, "is", "are")} held. {moving}";
        }
    }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public Task<IActionResult> OnPostPauseAsync(string channel, string? reason, int? minutes, CancellationToken ct) =>
        HoldAsync(channel, SwitchMode.Paused, new HoldForm(reason, minutes), ct);

    public Task<IActionResult> OnPostDrainAsync(string channel, string? reason, int? minutes, CancellationToken ct) =>
        HoldAsync(channel, SwitchMode.Draining, new HoldForm(reason, minutes), ct);

    public async Task<IActionResult> OnPostResumeAsync(string channel, string? reason, CancellationToken ct)
    {
        if (!desk.Exists(SwitchKind.Channel, channel)) return NotFound();
        if (HoldForm.Trouble(reason, required: false) is { } problem) return await RefusedAsync(problem, new HoldForm(reason, null), ct);
        await desk.ResumeAsync(SwitchKind.Channel, channel, reason, Authors.Of(User.Identity?.Name), ct);
        this.Say($"{Words.Channel(channel)} runs again.");
        return RedirectToPage();
    }

    private async Task<IActionResult> HoldAsync(string channel, SwitchMode mode, HoldForm form, CancellationToken ct)
    {
        if (!desk.Exists(SwitchKind.Channel, channel)) return NotFound();
        if (form.Problem is { } problem) return await RefusedAsync(problem, form, ct);
        await desk.HoldAsync(SwitchKind.Channel, channel, mode, form, Authors.Of(User.Identity?.Name), ct);
        this.Say(mode == SwitchMode.Paused ? $"{Words.Channel(channel)} is paused." : $"{Words.Channel(channel)} drains: it takes nothing new in.", tone: "warn");
        return RedirectToPage();
    }

    private async Task<IActionResult> RefusedAsync(string problem, HoldForm form, CancellationToken ct)
    {
        ModelState.AddModelError("Reason", problem);
        Form = form;
        await ReadAsync(ct);
        return Page();
    }

    private async Task ReadAsync(CancellationToken ct) => Channels = await reader.ChannelsAsync(clock.GetUtcNow(), ct);
}
