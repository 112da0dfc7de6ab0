using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

internal static class GetCampaign
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(GetCampaign))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Read a campaign, and when it would go out next");

    private static async Task<Results<Ok<CampaignView>, Problem>> HandleAsync(
        string id, Caller caller, CampaignStore campaigns, TimeProvider clock, HttpContext http, CancellationToken ct) =>
        await OneCampaign.FindAsync(id, caller, campaigns, ct) is { } campaign ? Answer(campaign, clock, http) : Problems.NotFound();

    internal static Ok<CampaignView> Answer(Campaign campaign, TimeProvider clock, HttpContext http)
    {
        http.SetETag(campaign.Revision);
        return TypedResults.Ok(CampaignView.Of(campaign, clock.GetUtcNow()));
    }
}
