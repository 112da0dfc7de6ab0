using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Channels;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Messages;

/// Where is this person's message? One box for whatever was pasted, and filters.
internal sealed class IndexModel(MessageFinder finder, MessageLists lists, CampaignNames campaigns, ProviderAccounts accounts) : PageModel
{
    [BindProperty(SupportsGet = true)] public MessageQuery Query { get; set; } = new();
    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public MessageFinder.Found? Found { get; private set; }
    /// Null: nobody asked for a campaign.
    public CampaignNames.Known? Campaign { get; private set; }
    public MessageLists.Answer Answer { get; private set; } = new([], null);
    public IReadOnlyList<string> Providers => [.. accounts.All.Select(account => account.Key).Order(StringComparer.Ordinal)];

    public bool IsScan => !(Query.IsLive || Query.IsDead) && Campaign is null && Found is null or { ProviderMessageId: not null };

    /// What an ordinary person would call the list.
    public string Sentence => Found switch
    {
        { ProviderMessageId: not null } found => $"Nobody and no event is called so. Looked for {found.Words} among the messages of the last 24 hours.",
        { } found => $"The messages of {found.Words}{(Campaign is null ? "" : $" from {CampaignWords}")}, the newest first.",
        _ when Campaign is { Runs.Length: 0 } => $"Nothing was sent by {CampaignWords} so far.",
        _ when Query.IsLive => Query.Wanted switch
        {
            "ready" => "Ready to be sent now, the longest waiting first.",
            "scheduled" => "Planned for later, the next first.",
            "retrying" => "To be tried again, the next first.",
            _ => "Being sent at this moment.",
        },
        _ when Query.IsDead => "Failed for good and waiting for a decision, the latest first.",
        _ when Campaign is not null => $"The messages of {CampaignWords}, the newest first.",
        _ when Query.From is null => "The messages of the last 24 hours, the newest first. Search for a person or an id to look further back.",
        _ => "The newest first.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (Query.Typed is { } typed) Found = await finder.FindAsync(typed, ct);
        if (Found?.Message is { } message && Cursor is null)
            return RedirectToPage("/Messages/Message", new { id = PrefixedId.Format("msg", message) });
        Campaign = await campaigns.FindAsync(Query.Campaign, ct);
        Answer = await lists.ReadAsync(Query, Found, Campaign, Cursor, ct);
        return Page();
    }

    private string CampaignWords => Campaign?.Name is { } name ? $"the campaign “{name}”" : "a campaign that is not there";
}
