using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Campaigns;

/// What goes out, what will, and what did: all campaigns, the latest first unless asked otherwise.
internal sealed class IndexModel(CampaignStore campaigns, FiguresReader figures) : PageModel
{
    public const int PageSize = 50;

    /// The tabs, by what is to be done about a campaign.
    internal sealed record Tab(string? Name, string Title, params CampaignStatus[] Statuses);

    public static readonly IReadOnlyList<Tab> Tabs =
    [
        new(null, "All"),
        new("drafts", "Drafts", CampaignStatus.Draft),
        new("approval", "To approve", CampaignStatus.PendingApproval),
        new("planned", "Planned", CampaignStatus.Approved, CampaignStatus.Scheduled),
        new("running", "Running", CampaignStatus.Running, CampaignStatus.Paused),
        new("ended", "Ended", CampaignStatus.Completed, CampaignStatus.Cancelled, CampaignStatus.Expired, CampaignStatus.Failed),
    ];

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    /// name, when or changed; with a minus before it: falling.
    [BindProperty(SupportsGet = true)] public string? Sort { get; set; }
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }

    public IReadOnlyList<Campaign> Rows { get; private set; } = [];
    public IReadOnlyDictionary<Guid, CampaignFigures> Runs { get; private set; } = new Dictionary<Guid, CampaignFigures>();
    public IReadOnlyDictionary<CampaignStatus, int> Counts { get; private set; } = new Dictionary<CampaignStatus, int>();
    public bool HasMore { get; private set; }

    public bool MayWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);
    public bool IsFiltered => Q is not null || Status is not null;

    public string Sentence
    {
        get
        {
            int Count(params CampaignStatus[] statuses) => statuses.Sum(status => Counts.GetValueOrDefault(status));
            var (running, paused, waiting, planned) = (Count(CampaignStatus.Running), Count(CampaignStatus.Paused), Count(CampaignStatus.PendingApproval), Count(CampaignStatus.Scheduled));
            if (Counts.Values.Sum() == 0) return "Nothing is planned yet.";
            var parts = new List<string>();
            if (running > 0) parts.Add($"{Words.Number(running)} {Words.Plural(running, "is", "are")} being sent");
            if (paused > 0) parts.Add($"{Words.Number(paused)} {Words.Plural(paused, "is paused and waits", "are paused and wait")} for a person");
            if (waiting > 0) parts.Add($"{Words.Number(waiting)} {Words.Plural(waiting, "waits", "wait")} for approval");
            if (planned > 0) parts.Add($"{Words.Number(planned)} {Words.Plural(planned, "is", "are")} scheduled");
            return parts.Count == 0 ? "Nothing is on its way, and nothing is scheduled." : $"{StepModel.AsSentence(string.Join("; ", parts))}";
        }
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        var (column, falls) = Sorting.Of(Sort, "name", "when", "changed");
        var filter = new CampaignFilter { Sort = column, Falls = falls, Statuses = Tabs.FirstOrDefault(tab => tab.Name == Status)?.Statuses ?? [], Text = Q };
        var rows = await campaigns.ListAsync(filter, PrefixedId.TryParse("cmp", Before, out var before) ? before : null, PageSize + 1, ct);
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? [.. rows.Take(PageSize)] : rows;
        Counts = await campaigns.CountAsync(ct);
        Runs = await figures.LatestAsync([.. Rows.Where(row => row.Status is not (CampaignStatus.Draft or CampaignStatus.PendingApproval or CampaignStatus.Approved)).Select(row => row.Id)], ct);
    }

    public int Count(Tab tab) => tab.Statuses.Sum(status => Counts.GetValueOrDefault(status));

    /// Where the next thing to do about it is done.
    public string Place(Campaign row)
    {
        var id = PrefixedId.Format("cmp", row.Id);
        var page = row.Status switch
        {
            CampaignStatus.Draft when MayWrite => "/audience",
            CampaignStatus.Draft or CampaignStatus.PendingApproval or CampaignStatus.Approved => "/review",
            CampaignStatus.Scheduled when !Runs.ContainsKey(row.Id) => "/review",
            _ => "",
        };
        return $"{Request.PathBase}/admin/campaigns/{id}{page}";
    }

    /// People who got what they get, of all who are meant: those whose messages still wait are not there yet.
    public static (int Done, int All) Progress(CampaignFigures run) =>
        ((int)(run.Expanded * (run.Messages == 0 ? 1 : (double)run.Done / run.Messages)) + run.Withdrawn, run.Audience);
}
