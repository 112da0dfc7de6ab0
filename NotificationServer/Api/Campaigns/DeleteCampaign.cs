using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

internal static class DeleteCampaign
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/campaigns/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(DeleteCampaign))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Delete a draft that never went out")
        .WithDescription("Whatever went out before is kept: cancel it instead.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        string id, Caller caller, CampaignStore campaigns, CampaignDesk desk, HttpContext http, CancellationToken ct)
    {
        if (http.ReadRevision(out var revision) is { } malformed) return malformed;
        if (await OneCampaign.FindAsync(id, caller, campaigns, ct) is not { } campaign) return Problems.NotFound();
        return OneCampaign.ProblemOf(await desk.DeleteAsync(campaign.Id, revision, caller.Actor, ct)) is { } problem ? problem : TypedResults.NoContent();
    }
}
