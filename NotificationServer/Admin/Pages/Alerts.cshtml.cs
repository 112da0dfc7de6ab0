using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Admin.Pages;

/// What a person should look at, and what was there before.
[Writers(Policies.Operations)]
internal sealed class AlertsModel(AlertList alerts, Mutes mutes) : PageModel
{
    public const int PageSize = 50;

    /// The last one of the page before: when it was cleared, and its id.
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<AlertInfo> Open { get; private set; } = [];
    public IReadOnlyList<AlertInfo> Cleared { get; private set; } = [];
    public IReadOnlyList<Mute> Muted { get; private set; } = [];
    public string? Older { get; private set; }
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public AlertCard CardOf(AlertInfo alert) => new(alert, AlertCard.MuteOf(alert, Muted), CanOperate);

    public string Sentence => Open.Count switch
    {
        0 when Cleared.Count == 0 => "There has been nothing to warn of.",
        0 => "Nothing needs a look: every alert is over.",
        1 => AlertWords.Of(Open[0].Kind, Open[0].Key, Open[0].Detail).Title,
        var count => $"{Words.Number(count)} alerts are open; the oldest for {Words.Age(Open[0].LastSeen - Open[0].FirstSeen)}.",
    };

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    /// Whole: of everything of its kind, wherever it is.
    public async Task<IActionResult> OnPostMuteAsync(Guid alert, int minutes, string? reason, bool whole, CancellationToken ct)
    {
        if ((await alerts.OpenAsync(ct)).FirstOrDefault(one => one.Id == alert) is not { } open) return NotFound();
        if (AlertCard.Trouble(reason, minutes) is { } problem)
        {
            ModelState.AddModelError("Reason", problem);
            await ReadAsync(ct);
            return Page();
        }
        await mutes.MuteAsync(open.Kind, whole ? "" : open.Key, TimeSpan.FromMinutes(minutes), reason!.Trim(), Authors.Of(User.Identity?.Name), ct); // Trouble has looked
        this.Say("Muted. It stays here, and nobody is told of it.", tone: "warn");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostUnmuteAsync(string kind, string? key, CancellationToken ct)
    {
        if (!await mutes.UnmuteAsync(kind, key ?? "", Authors.Of(User.Identity?.Name), ct)) return NotFound();
        this.Say("Not muted any more. Whoever was not told of it is told now, if it is still so.");
        return RedirectToPage();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var (cleared, id) = Place(After);
        Open = await alerts.OpenAsync(ct);
        Muted = await mutes.ReadAsync(ct);
        var rows = await alerts.ClearedAsync(cleared, id, PageSize + 1, ct);
        Cleared = [.. rows.Take(PageSize)];
        if (rows.Count > PageSize) Older = Here.With(Request, ("after", string.Create(CultureInfo.InvariantCulture, $"{Cleared[^1].Position}-{Cleared[^1].Id:N}")));
    }

    /// What is no place of ours is the beginning.
    private static (long?, Guid?) Place(string? after) =>
        after?.Split('-', 2) is [var at, var id] && long.TryParse(at, CultureInfo.InvariantCulture, out var cleared) && cleared is > 0 and < 10_000_000_000_000_000
            && Guid.TryParseExact(id, "N", out var last) ? (cleared, last) : (null, null);
}
