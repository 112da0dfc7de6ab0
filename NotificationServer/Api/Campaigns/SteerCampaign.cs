using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Campaigns;

/// What is done to a campaign that was launched.
internal static class SteerCampaign
{
    public sealed record PauseRequest(string? Reason = null);

    public sealed record CancelRequest(string? Reason = null);

    public sealed record ThrottleRequest([property: Description("People a minute; null: as fast as the queue takes them")] int? ThrottlePerMinute,
        [property: Description("Of a recurring one: those that follow go at this pace too, until it is edited")] bool FollowingRuns = false);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/campaigns/{id}:pause", PauseAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("PauseCampaign")
            .WithSummary("Hold it: nothing more of it is made or sent, on any node, within a second")
            .WithRequestExample("""{"reason":"The shop is down"}""");
        v1.MapPost("/campaigns/{id}:resume", ResumeAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("ResumeCampaign")
            .WithSummary("Go on where it was held; nobody gets it twice");
        v1.MapPost("/campaigns/{id}:cancel", CancelAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("CancelCampaign")
            .WithSummary("End it: what was not sent is not sent")
            .WithRequestExample("""{"reason":"The offer is withdrawn"}""");
        v1.MapPost("/campaigns/{id}:throttle", ThrottleAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("ThrottleCampaign")
            .WithSummary("Change the speed of the run that is under way")
            .WithDescription("Of this run, and if asked for of those that follow it: the plan that was agreed to stays as it is.")
            .WithRequestExample("""{"throttle_per_minute":6000}""");
    }

    private static Task<Results<Ok<CampaignView>, Problem>> PauseAsync([AsParameters] CampaignCall call, Body<PauseRequest> body, CancellationToken ct) =>
        call.DoAsync((id, _) => call.Desk.PauseAsync(id, body.Value.Reason, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> ResumeAsync([AsParameters] CampaignCall call, CancellationToken ct) =>
        call.DoAsync((id, _) => call.Desk.ResumeAsync(id, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> CancelAsync([AsParameters] CampaignCall call, Body<CancelRequest> body, CancellationToken ct) =>
        call.DoAsync((id, _) => call.Desk.CancelAsync(id, body.Value.Reason, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> ThrottleAsync([AsParameters] CampaignCall call, Body<ThrottleRequest> body, CancellationToken ct) =>
        call.DoAsync((id, _) => call.Desk.ThrottleAsync(id, body.Value.ThrottlePerMinute, call.Caller.Actor, ct, body.Value.FollowingRuns));
}
