using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Api.Segments;

internal static class DeleteSegment
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/segments/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(DeleteSegment))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Archive a segment")
        .WithDescription("New campaigns cannot name it, lists leave it out, and its name is free again. 409 `segment_in_use` while a campaign that is not over, or the rules of another segment, need it. PATCH archived to false brings it back.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(string id, Caller caller, SegmentStore segments, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment)) return Problems.NotFound();
        int? revision = null;
        if (expected is not null)
        {
            if (!int.TryParse(expected, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Problems.VersionConflict();
            revision = number;
        }
        var answer = await segments.ArchiveAsync(segment, revision, archived: true, caller.Actor, ct);
        return answer.Status == SegmentAnswerStatus.Done ? TypedResults.NoContent() : SegmentBody.ProblemOf(answer);
    }
}
