using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Api.Operations;
using NotificationServer.Campaigns;
using NotificationServer.Queue;

namespace NotificationServer.Api.Campaigns.Reports;

internal static class RetryFailedMessages
{
    public sealed record Request(
        [property: Description("Required unless dry_run; kept with each message")] string? Reason = null,
        [property: Description("Only say how many match")] bool DryRun = false,
        [property: Description("1 to 1,000,000")] int Max = BulkRules.MostDefault,
        [property: Description("1 to 10,000 messages a second; absent: as fast as it goes")] int? RatePerSecond = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/campaigns/{id}:retry-failed", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(RetryFailedMessages))
        .WithSummary("Send the failed messages of a campaign again")
        .WithDescription("Of all its runs, those that wait for a decision. 202 with an operation to follow and to cancel; with `dry_run` 200 and the count. Messages that a provider accepted are not sent again.")
        .WithRequestExample("""{"reason":"the provider is repaired","rate_per_second":200}""")
        .Produces<BulkRules.Started>(StatusCodes.Status202Accepted);

    private static async Task<Results<Ok<BulkRules.Match>, Accepted<BulkRules.Started>, Problem>> HandleAsync(
        string id, Body<Request> body, CampaignStore campaigns, NotificationServer.Queue.Operations operations, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        var all = BulkRules.Check(new FilterBody(), request.Reason, request.DryRun, request.Max, request.RatePerSecond, errors);
        if (errors.Any) return errors.ToProblem();
        if (await NamedCampaign.FindAsync(id, campaigns, caller, ct) is not { } campaign) return Problems.NotFound();

        var filter = all with { Campaign = campaign.Id };
        if (request.DryRun) return TypedResults.Ok(await BulkRules.MatchAsync(operations, filter, request.Max, ct));
        return BulkRules.Accept(await operations.StartAsync(
            new OperationRequest(OperationType.Requeue, filter, request.Reason ?? "", caller.Actor) { Most = request.Max, Rate = request.RatePerSecond }, ct));
    }
}
