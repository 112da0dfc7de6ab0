using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Api.Segments;

internal static class ListSegmentMembers
{
    private const string List = "segment_members";

    /// Known: something is stored of this person.
    public sealed record Member(string UserId, bool Known);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/segments/{id}/members", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(ListSegmentMembers))
        .WithSummary("List the people of a list");

    private static async Task<Results<Ok<Page<Member>>, Problem>> HandleAsync(
        string id, [AsParameters] PageQuery page, Cursors cursors, SegmentStore segments, SegmentMembers members, CancellationToken ct)
    {
        var list = $"{List}/{id}";
        if (page.Read(cursors, list, 1, out var after) is { } problem) return problem;
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment) || await segments.FindAsync(segment, ct) is not { IsList: true }) return Problems.NotFound();

        var rows = await members.ListAsync(segment, after?[0], page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, row => new Member(row.UserId, row.IsKnown), last => cursors.Seal(list, last.UserId)));
    }
}
