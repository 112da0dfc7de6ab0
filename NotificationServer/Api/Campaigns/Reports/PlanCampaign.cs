using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Api.Campaigns.Reports;

internal static class PlanCampaign
{
    /// `ends_at` null: not within two months. `too_late`: messages that would not have gone by `expires_at`; with any, it is not submitted.
    public sealed record Response(
        DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, DateTimeOffset? ExpiresAt, bool EndsAfterExpiry, long TooLate, long Messages,
        IReadOnlyList<Hour> Hours, IReadOnlyList<Channel> Channels, IReadOnlyList<string> Notes, ReachView Reach);

    public sealed record Hour(DateTimeOffset At, string Channel, long Messages);

    public sealed record Channel(string Name, long Messages, double? MostPerHour, string? LimitedBy, DateTimeOffset? EndsAt);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/campaigns/{id}:plan", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(PlanCampaign))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("The flight plan: how many messages go in which hour, and when the last one goes")
        .WithDescription("Changes nothing and needs no body. From the reach, the rates and days of the provider accounts, the throttle, the send window and what waits already.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string id, CampaignStore campaigns, FlightPlans plans, Caller caller, CancellationToken ct)
    {
        if (await NamedCampaign.FindAsync(id, campaigns, caller, ct) is not { } campaign) return Problems.NotFound();
        var answer = await plans.OfAsync(campaign, ct);
        if (answer is not { Plan: { } plan, Reach: { } reach }) return ReachView.Refused(answer.Errors);
        return TypedResults.Ok(new Response(
            plan.Start, plan.End, plan.ExpiresAt, plan.EndsAfterExpiry, plan.TooLate, plan.Messages,
            [.. plan.Hours.Select(hour => new Hour(hour.At, hour.Channel, hour.Messages))],
            [.. plan.Channels.Select(channel => new Channel(channel.Channel, channel.Messages, channel.MostPerHour, channel.LimitedBy, channel.End))],
            plan.Notes, ReachView.Of(reach)));
    }
}
