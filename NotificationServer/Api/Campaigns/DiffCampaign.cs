using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Api.Campaigns;

internal static class DiffCampaign
{
    public sealed record Change([property: Description("As in the campaign, such as schedule.at")] string Field, string? Before, string? After);

    public sealed record Response(
        [property: Description("Who agreed to it last; null: nobody yet, and all of it is new")] string? ApprovedBy, DateTimeOffset? ApprovedAt, IReadOnlyList<Change> Changes);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns/{id}:diff", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(DiffCampaign))
        .WithSummary("What is different from what was agreed to last, in words");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(string id, Caller caller, CampaignStore campaigns, CancellationToken ct)
    {
        if (await OneCampaign.FindAsync(id, caller, campaigns, ct) is not { } campaign) return Problems.NotFound();
        var changes = PlanDiff.Of(campaign.ApprovedPlan, campaign.Plan).Select(change => new Change(change.Field, change.Before, change.After));
        return TypedResults.Ok(new Response(campaign.ApprovedBy, campaign.ApprovedAt, [.. changes]));
    }
}
