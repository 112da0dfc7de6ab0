using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

/// What requeueing and discarding many have in common.
internal static class BulkRules
{
    public const int MostDefault = 100_000;
    private const int Most = 1_000_000;
    private const int Fastest = 10_000;

    /// `may_have_been_sent`: how many of them had a call whose outcome nobody knows; sent again, they may arrive twice.
    public sealed record Match(int Matched, int MayHaveBeenSent);

    public sealed record Started(string OperationId, int Matched, string Link);

    public static DeadLetterFilter Check(FilterBody filter, string? reason, bool dryRun, int max, int? rate, FieldErrors errors)
    {
        errors.CheckText(reason, "/reason", ReasonText.Longest, required: !dryRun);
        errors.Check(max is >= 1 and <= Most, "/max", "out_of_range", "1 to 1,000,000");
        errors.Check(rate is null or >= 1 and <= Fastest, "/rate_per_second", "out_of_range", "1 to 10,000");
        return filter.Read(errors);
    }

    public static async Task<Match> MatchAsync(NotificationServer.Queue.Operations operations, DeadLetterFilter filter, int max, CancellationToken ct)
    {
        var match = await operations.CountAsync(filter, max, ct);
        return new Match(match.Matched, match.MayHaveBeenSent);
    }

    public static Accepted<Started> Accept(Operation operation)
    {
        var id = PrefixedId.Format("op", operation.Id);
        return TypedResults.Accepted($"/v1/operations/{id}", new Started(id, operation.Total, $"/v1/operations/{id}"));
    }
}
