using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Api.Campaigns.Reports;

internal static class EstimateCampaign
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/campaigns/{id}:estimate", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(EstimateCampaign))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("Whom a campaign would reach, and why not the others")
        .WithDescription("Changes nothing and needs no body. People are counted where that takes seconds; the reasons come from a random sample that is put through the rules of the send, unless the audience is small enough to look at everybody (`exact`).");

    private static async Task<Results<Ok<ReachView>, Problem>> HandleAsync(
        string id, CampaignStore campaigns, ReachEstimate reach, Caller caller, CancellationToken ct)
    {
        if (await NamedCampaign.FindAsync(id, campaigns, caller, ct) is not { } campaign) return Problems.NotFound();
        var answer = await reach.OfAsync(campaign, ct);
        return answer.Reach is { } known ? TypedResults.Ok(ReachView.Of(known)) : ReachView.Refused(answer.Errors);
    }
}
