using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Api.Segments;

internal static class ListSegments
{
    private const string List = "segments";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/segments", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(ListSegments))
        .WithSummary("List segments by name");

    private static async Task<Results<Ok<Page<SegmentView>>, Problem>> HandleAsync(
        [Description("A part of the name")] string? q,
        [Description("rules or list; left out: both")] string? kind,
        [Description("True: those that are archived instead of the others")] bool? archived,
        [AsParameters] PageQuery page, Cursors cursors, SegmentStore segments, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem) return problem;
        if (kind is not (null or Segment.OfRules or Segment.OfList)) return Problems.InvalidParameter("query:kind", "unknown_kind", "Use rules or list");
        if (q?.Contains('\0', StringComparison.Ordinal) == true) return Problems.InvalidParameter("query:q", "nul_character", "Contains a NUL character");

        var cursor = after is null ? null : new SegmentCursor(after[0], Guid.Parse(after[1]));
        var rows = await segments.ListAsync(new SegmentFilter(string.IsNullOrEmpty(q) ? null : q, kind, archived ?? false), cursor, page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, SegmentView.Of, last => cursors.Seal(List, last.Name, last.Id.ToString())));
    }
}
