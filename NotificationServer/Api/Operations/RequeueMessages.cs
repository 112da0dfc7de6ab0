using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class RequeueMessages
{
    public sealed record Request(
        FilterBody Filter,
        [property: Description("Required unless dry_run")] string? Reason = null,
        [property: Description("Only say how many match")] bool DryRun = false,
        [property: Description("1 to 1,000,000")] int Max = BulkRules.MostDefault,
        [property: Description("1 to 10,000 messages a second; absent: as fast as it goes")] int? RatePerSecond = null,
        [property: Description("A provider account: those that it can carry go through it and no other; null: as their routes say")] string? Provider = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/ops/messages:requeue", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(RequeueMessages))
        .WithSummary("Send every failed message again that matches a filter")
        .WithDescription("202 with an operation to follow and to cancel; with `dry_run` 200 and the count. Messages that a provider accepted are refused and counted as such; two operators at once requeue each message once.")
        .WithRequestExample("""{"filter":{"channel":"email","provider":"sendgrid"},"dry_run":true,"max":100000,"rate_per_second":200,"provider":null,"reason":"the provider is repaired"}""")
        .Produces<BulkRules.Started>(StatusCodes.Status202Accepted);

    private static async Task<Results<Ok<BulkRules.Match>, Accepted<BulkRules.Started>, Problem>> HandleAsync(
        Body<Request> body, NotificationServer.Queue.Operations operations, ProviderAccounts accounts, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        errors.CheckProvider(request.Provider, accounts);
        var filter = BulkRules.Check(request.Filter, request.Reason, request.DryRun, request.Max, request.RatePerSecond, errors);
        if (errors.Any) return errors.ToProblem();
        if (request.DryRun) return TypedResults.Ok(await BulkRules.MatchAsync(operations, filter, request.Max, ct));

        var operation = await operations.StartAsync(new OperationRequest(OperationType.Requeue, filter, request.Reason ?? "", caller.Actor)
        {
            Most = request.Max,
            Rate = request.RatePerSecond,
            Provider = request.Provider,
        }, ct);
        return BulkRules.Accept(operation);
    }
}
