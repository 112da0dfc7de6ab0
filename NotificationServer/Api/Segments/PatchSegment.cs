using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Api.Segments;

internal static class PatchSegment
{
    /// A patch names what it changes, so that losing a race is no reason to bother the caller, unless the caller said so (If-Match).
    private const int Tries = 5;

    public sealed record Request(
        string Name,
        string Description = "",
        [property: Description(SegmentBody.AboutRules)] JsonElement? Rules = null,
        [property: Description("True: new campaigns cannot name it. False brings it back")] bool Archived = false);

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/segments/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(PatchSegment))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Change a segment (JSON merge patch)")
        .WithDescription("Counts at once, for campaigns that wait too: a segment is evaluated when it is sent to. Other rules send back the campaigns that name it and were submitted, agreed to or launched, as an edit of theirs would: a second person is asked again (`campaigns_sent_back` says of how many). The group at the root changes by naming the old one as null: `{\"rules\":{\"all\":null,\"any\":[...]}}`. A list stays one.")
        .WithRequestExample("""{"description":"Whom we have not heard of for a while"}""");

    private static async Task<Results<Ok<SegmentView>, Problem>> HandleAsync(
        string id, MergePatch<Request> patch, Caller caller, SegmentStore segments, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment)) return Problems.NotFound();

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await segments.FindAsync(segment, ct) is not { } current) return Problems.NotFound();
            if (expected is not null && expected != current.Revision.ToString(CultureInfo.InvariantCulture)) return Problems.VersionConflict();
            if (patch.Apply(new Request(current.Name, current.Description, current.Tree, current.ArchivedAt is not null), out var patched) is { } fault) return fault;

            var answer = await StoreAsync(segments, current, patched!, caller.Actor, ct); // there was no fault
            if (answer is { Status: SegmentAnswerStatus.Done, Segment: { } stored })
            {
                http.SetETag(stored.Revision);
                return TypedResults.Ok(SegmentView.Of(stored) with { CampaignsSentBack = answer.Recalled == 0 ? null : answer.Recalled });
            }
            if (answer.Status != SegmentAnswerStatus.Changed) return SegmentBody.ProblemOf(answer);
        }
        return Problems.VersionConflict();
    }

    private static async Task<SegmentAnswer> StoreAsync(SegmentStore segments, Segment current, Request wanted, string actor, CancellationToken ct)
    {
        var answer = new SegmentAnswer(SegmentAnswerStatus.Done, current);
        var isSame = wanted.Name == current.Name && wanted.Description == current.Description
            && (wanted.Rules is { } rules ? current.Tree is { } known && JsonElement.DeepEquals(rules, known) : current.IsList);
        if (!isSame) answer = await segments.EditAsync(current.Id, current.Revision, new SegmentDraft(wanted.Name, wanted.Description, wanted.Rules), actor, ct);
        return answer is { Status: SegmentAnswerStatus.Done, Segment: { } edited } && wanted.Archived != current.ArchivedAt is not null
            ? await segments.ArchiveAsync(edited.Id, edited.Revision, wanted.Archived, actor, ct) with { Recalled = answer.Recalled } : answer;
    }
}
