using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// Who is told of what happens, and whether they hear it.
internal sealed class IndexModel(WebhookDesk desk) : PageModel
{
    public const int PageSize = 50;

    [BindProperty(SupportsGet = true)] public Guid? Client { get; set; }
    [BindProperty(SupportsGet = true)] public string? State { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<EndpointRow> Rows { get; private set; } = [];
    public IReadOnlyList<ClientChoice> Clients { get; private set; } = [];
    public EndpointTotal Total { get; private set; } = new(0, 0, 0);
    public bool HasMore { get; private set; }

    public bool MayEdit => User.IsInRole(Roles.Administrator);

    public string Sentence => Total switch
    {
        { All: 0 } => "No service is told of anything yet.",
        { Failing: 0, Stopped: 0 } => $"{Words.Number(Total.All)} {Words.Plural(Total.All, "endpoint is", "endpoints are")} told of what happens; none is failing.",
        _ => $"Of {Words.Number(Total.All)} endpoints {Words.Number(Total.Failing)} {Words.Plural(Total.Failing, "is", "are")} failing and {Words.Number(Total.Stopped)} {Words.Plural(Total.Stopped, "was", "were")} stopped.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        var after = PrefixedId.TryParse(WebhookEndpoint.IdPrefix, After, out var last) ? last : (Guid?)null;
        var rows = await desk.ListAsync(Client, State is "works" or "failing" or "off" ? State : null, after, PageSize + 1, ct);
        HasMore = rows.Count > PageSize;
        Rows = [.. rows.Take(PageSize)];
        Clients = await desk.ClientsAsync(ct);
        Total = await desk.TotalAsync(ct);
    }
}
