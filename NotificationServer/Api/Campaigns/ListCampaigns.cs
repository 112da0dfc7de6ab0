using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Campaigns;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns;

internal static class ListCampaigns
{
    private const string List = "campaigns";
    private const int LongestText = 200;

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(ListCampaigns))
        .WithSummary("List campaigns, the latest first");

    private static async Task<Results<Ok<Page<CampaignView>>, Problem>> HandleAsync(
        [Description("draft, pending_approval, approved, scheduled, running, paused, completed, cancelled, expired or failed; several: separated by commas")] string? status,
        [Description("A part of the name")] string? q,
        [AsParameters] PageQuery page, Caller caller, Cursors cursors, CampaignStore campaigns, TimeProvider clock, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;
        var statuses = (status ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(CampaignWords.StatusOf).ToList();
        if (statuses.Contains(null))
            return Problems.InvalidParameter("query:status", "unknown_status", $"Use one of {string.Join(", ", CampaignWords.Statuses)}");
        if (q is { Length: > LongestText } || q?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.InvalidParameter("query:q", "invalid_text", $"Up to {LongestText} characters");

        var filter = new CampaignFilter { Statuses = [.. statuses.OfType<CampaignStatus>()], Text = q, Sandbox = caller.Sandbox ? true : null };
        Guid? before = position is [var last] && PrefixedId.TryParse("cmp", last, out var id) ? id : null;
        var rows = await campaigns.ListAsync(filter, before, page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, row => CampaignView.Of(row, clock.GetUtcNow()), row => cursors.Seal(List, PrefixedId.Format("cmp", row.Id))));
    }
}
