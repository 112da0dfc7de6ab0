using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Api.Segments;

internal static class PutSegmentMembers
{
    /// Rows: read, repeated ones included. Unknown: people on the list of whom nothing is stored yet; they are told nothing until there is.
    /// CampaignsSentBack: how many campaigns a second person is asked about again.
    public sealed record Response(int Rows, long Members, long Added, long Removed, long Unknown, int CampaignsSentBack);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/segments/{id}/members", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .AllowImportBody()
        .WithName(nameof(PutSegmentMembers))
        .WithSummary("Say who is on a list, by a CSV")
        .WithDescription("""
            The body is `text/csv` in UTF-8 with a column `user_id` (others are passed over), or with nothing but ids, one a row. It is read whole before anything changes: a
            file with a problem is refused (422, the first 100 problems with their rows), and a good one counts all at once. Repeated ids count once; at most 1,000,000
            people are on a list (`Segments:MostMembers`). People need not be known yet. Where somebody came or went, campaigns that name the list, or a segment whose rules
            do, and were submitted, agreed to or launched are sent back as by an edit of theirs: a second person is asked again (`campaigns_sent_back` says of how many).
            """);

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string id, [Description("replace (the default): the file is the list; add; remove")] string? mode, Caller caller, SegmentMembers members, SegmentStore segments, HttpContext http, CancellationToken ct)
    {
        if (mode is not (null or "replace" or "add" or "remove")) return Problems.InvalidParameter("query:mode", "unknown_value", "Use replace, add or remove");
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType) with { Title = "Not a list of people", Detail = "Send text/csv, in UTF-8" };
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment) || await segments.FindAsync(segment, ct) is null) return Problems.NotFound();

        var change = mode switch { "add" => MembersChange.Add, "remove" => MembersChange.Remove, _ => MembersChange.Replace };
        var (answer, result) = await members.TakeAsync(segment, change, http.Request.Body, caller.Actor, ct);
        if (result is null) return SegmentBody.ProblemOf(answer);
        if (answer.Segment is { } stored) http.SetETag(stored.Revision);
        return TypedResults.Ok(new Response(result.Rows, result.Members, result.Added, result.Removed, result.Unknown, answer.Recalled));
    }
}
