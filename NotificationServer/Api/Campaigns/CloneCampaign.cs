using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

internal static class CloneCampaign
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/campaigns/{id}:clone", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(CloneCampaign))
        .WithSummary("Make a draft that is equal to it but for its name");

    private static async Task<Results<Created<CampaignView>, Problem>> HandleAsync(
        string id, Caller caller, CampaignStore campaigns, CampaignDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await OneCampaign.FindAsync(id, caller, campaigns, ct) is not { } original) return Problems.NotFound();
        var answer = await desk.CloneAsync(original.Id, caller.Actor, ct);
        if (OneCampaign.ProblemOf(answer) is { } problem) return problem;
        var view = CampaignView.Of(answer.Campaign!, clock.GetUtcNow()); // it is done
        http.SetETag(answer.Campaign!.Revision);
        return TypedResults.Created($"/v1/campaigns/{view.Id}", view);
    }
}
