using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Segments;

/// Whom campaigns can be about.
internal sealed class IndexModel(SegmentStore segments) : PageModel
{
    public const int PageSize = 50;

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Kind { get; set; }
    [BindProperty(SupportsGet = true)] public bool Archived { get; set; }
    /// name, people or changed; with a minus before it: falling.
    [BindProperty(SupportsGet = true)] public string? Sort { get; set; }
    /// The id of the last one of the page before.
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<Segment> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool IsFiltered => Q is not null || Kind is not null || Archived;

    public static string Sentence => "Parts of the people we know, by rules that are asked again at every send, or named one by one. A campaign is about some of them.";

    public async Task OnGetAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        Kind = Kind is Segment.OfRules or Segment.OfList ? Kind : null;
        var last = PrefixedId.TryParse(SegmentId.Prefix, After, out var id) ? await segments.FindAsync(id, ct) : null;
        var (column, falls) = Sorting.Of(Sort, "name", "people", "changed");
        var filter = new SegmentFilter(Q, Kind, Archived) { Sort = column is "name" ? null : column, Falls = falls };
        var rows = await segments.ListAsync(filter, last is null ? null : SegmentCursor.Of(last, filter.Sort), PageSize + 1, ct);
        (Rows, HasMore) = ([.. rows.Take(PageSize)], rows.Count > PageSize);
    }
}
