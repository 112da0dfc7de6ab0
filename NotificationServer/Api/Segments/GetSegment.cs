using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Api.Segments;

internal static class GetSegment
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/segments/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(GetSegment))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Read a segment");

    private static async Task<Results<Ok<SegmentView>, Problem>> HandleAsync(string id, SegmentStore segments, HttpContext http, CancellationToken ct)
    {
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment) || await segments.FindAsync(segment, ct) is not { } found) return Problems.NotFound();
        http.SetETag(found.Revision);
        return TypedResults.Ok(SegmentView.Of(found));
    }
}
