using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Api.Segments;

internal static class CreateSegment
{
    public sealed record Request(
        string Name,
        string Description = "",
        [property: Description("Left out: a list, whose people come with PUT .../members. " + SegmentBody.AboutRules)] JsonElement? Rules = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/segments", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(CreateSegment))
        .WithSummary("Create a segment: people by rules, or a list of them")
        .WithRequestExample("""{"name":"Dormant in Germany","rules":{"all":[{"field":"country","op":"in","value":["DE"]},{"field":"attributes.plan","op":"is","value":"pro"},{"any":[{"field":"engagement","op":"did_not","value":"opened","within_days":90},{"not":{"field":"device","op":"exists"}}]}]}}""");

    private static async Task<Results<Created<SegmentView>, Problem>> HandleAsync(
        Body<Request> body, Caller caller, SegmentStore segments, HttpContext http, CancellationToken ct)
    {
        var request = body.Value;
        var answer = await segments.CreateAsync(new SegmentDraft(request.Name, request.Description, request.Rules), caller.Actor, ct);
        if (answer is not { Status: SegmentAnswerStatus.Done, Segment: { } segment }) return SegmentBody.ProblemOf(answer);
        http.SetETag(segment.Revision);
        return TypedResults.Created($"/v1/segments/{SegmentId.Format(segment.Id)}", SegmentView.Of(segment));
    }
}
