using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages;

/// What a person should look at, and what was there before.
internal sealed class AlertsModel(AlertList alerts) : PageModel
{
    public const int PageSize = 50;

    /// The last one of the page before: when it was cleared, and its id.
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<AlertInfo> Open { get; private set; } = [];
    public IReadOnlyList<AlertInfo> Cleared { get; private set; } = [];
    public string? Older { get; private set; }

    public string Sentence => Open.Count switch
    {
        0 when Cleared.Count == 0 => "There has been nothing to warn of.",
        0 => "Nothing needs a look: every alert is over.",
        1 => AlertWords.Of(Open[0].Kind, Open[0].Key, Open[0].Detail).Title,
        var count => $"{Words.Number(count)} alerts are open; the oldest for {Words.Age(Open[0].LastSeen - Open[0].FirstSeen)}.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        var (cleared, id) = Place(After);
        Open = await alerts.OpenAsync(ct);
        var rows = await alerts.ClearedAsync(cleared, id, PageSize + 1, ct);
        Cleared = [.. rows.Take(PageSize)];
        if (rows.Count > PageSize) Older = Here.With(Request, ("after", string.Create(CultureInfo.InvariantCulture, $"{Cleared[^1].Position}-{Cleared[^1].Id:N}")));
    }

    /// What is no place of ours is the beginning.
    private static (long?, Guid?) Place(string? after) =>
        after?.Split('-', 2) is [var at, var id] && long.TryParse(at, CultureInfo.InvariantCulture, out var cleared) && cleared is > 0 and < 10_000_000_000_000_000
            && Guid.TryParseExact(id, "N", out var last) ? (cleared, last) : (null, null);
}
