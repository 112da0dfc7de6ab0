using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class DiscardMessages
{
    public sealed record Request(
        FilterBody Filter,
        [property: Description("Required unless dry_run")] string? Reason = null,
        [property: Description("Only say how many match")] bool DryRun = false,
        [property: Description("1 to 1,000,000")] int Max = BulkRules.MostDefault,
        [property: Description("1 to 10,000 messages a second; absent: as fast as it goes")] int? RatePerSecond = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/ops/messages:discard", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(DiscardMessages))
        .WithSummary("Close every dead letter that matches a filter")
        .WithDescription("The messages stay, as failed; who closed them and why is kept. 202 with an operation to follow and to cancel; with `dry_run` 200 and the count.")
        .WithRequestExample("""{"filter":{"error_code":"21610"},"dry_run":true,"max":100000,"reason":"they have all moved away"}""")
        .Produces<BulkRules.Started>(StatusCodes.Status202Accepted);

    private static async Task<Results<Ok<BulkRules.Match>, Accepted<BulkRules.Started>, Problem>> HandleAsync(
        Body<Request> body, NotificationServer.Queue.Operations operations, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        var filter = BulkRules.Check(request.Filter, request.Reason, request.DryRun, request.Max, request.RatePerSecond, errors);
        if (errors.Any) return errors.ToProblem();
        if (request.DryRun) return TypedResults.Ok(await BulkRules.MatchAsync(operations, filter, request.Max, ct));

        var operation = await operations.StartAsync(new OperationRequest(OperationType.Discard, filter, request.Reason ?? "", caller.Actor)
        {
            Most = request.Max,
            Rate = request.RatePerSecond,
        }, ct);
        return BulkRules.Accept(operation);
    }
}
