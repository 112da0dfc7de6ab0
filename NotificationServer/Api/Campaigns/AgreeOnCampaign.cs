using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Campaigns;

/// From a draft to what waits for its time.
internal static class AgreeOnCampaign
{
    public sealed record RejectRequest([property: Description("What has to be different, for whoever wrote it")] string Note);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/campaigns/{id}:submit", SubmitAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("SubmitCampaign")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Ask for approval")
            .WithDescription("Everything is looked at: template and data, segments, times, and whether it can be over before it expires. The templates' published versions are written into it: what is agreed to is what is sent.");
        v1.MapPost("/campaigns/{id}:approve", ApproveAsync)
            .RequireScope(Scopes.CampaignsApprove)
            .WithName("ApproveCampaign")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Agree to what a colleague wrote")
            .WithDescription("Whoever made it, changed it since it was agreed to last, or submitted it gets 403 second_person_required. Send If-Match with the ETag of what you read: you agree to that and to nothing else.");
        v1.MapPost("/campaigns/{id}:reject", RejectAsync)
            .RequireScope(Scopes.CampaignsApprove)
            .WithName("RejectCampaign")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Send it back with a note; it is a draft again")
            .WithRequestExample("""{"note":"The discount is 15 percent"}""");
        v1.MapPost("/campaigns/{id}:launch", LaunchAsync)
            .RequireScope(Scopes.CampaignsWrite)
            .WithName("LaunchCampaign")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Let it go, now or at its time")
            .WithDescription("What it says and to whom is looked at once more, since templates and segments may have changed.");
    }

    private static Task<Results<Ok<CampaignView>, Problem>> SubmitAsync([AsParameters] CampaignCall call, CancellationToken ct) =>
        call.DoAsync((id, revision) => call.Desk.SubmitAsync(id, revision, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> ApproveAsync([AsParameters] CampaignCall call, CancellationToken ct) =>
        call.DoAsync((id, revision) => call.Desk.ApproveAsync(id, revision, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> RejectAsync([AsParameters] CampaignCall call, Body<RejectRequest> body, CancellationToken ct) =>
        call.DoAsync((id, revision) => call.Desk.RejectAsync(id, revision, body.Value.Note, call.Caller.Actor, ct));

    private static Task<Results<Ok<CampaignView>, Problem>> LaunchAsync([AsParameters] CampaignCall call, CancellationToken ct) =>
        call.DoAsync((id, revision) => call.Desk.LaunchAsync(id, revision, call.Caller.Actor, ct));
}
