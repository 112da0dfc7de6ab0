using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

/// What a deed's handler needs, as one parameter: who asks, of which campaign, and the desk that does it.
internal sealed class CampaignCall
{
    [FromRoute(Name = "id")]
    public required string Id { get; init; }

    public required Caller Caller { get; init; }

    [FromServices]
    public required CampaignStore Campaigns { get; init; }

    [FromServices]
    public required CampaignDesk Desk { get; init; }

    [FromServices]
    public required TimeProvider Clock { get; init; }

    public required HttpContext Http { get; init; }

    /// Does one thing to the campaign, as the caller saw it (If-Match), and answers with what became of it.
    public async Task<Results<Ok<CampaignView>, Problem>> DoAsync(Func<Guid, int?, Task<CampaignAnswer>> deed)
    {
        if (Http.ReadRevision(out var revision) is { } malformed) return malformed;
        if (await OneCampaign.FindAsync(Id, Caller, Campaigns, Http.RequestAborted) is not { } campaign) return Problems.NotFound();
        // What these do depends on the state alone, but for whoever says what they saw.
        if (revision is not null && revision != campaign.Revision) return Problems.VersionConflict();
        var answer = await deed(campaign.Id, revision);
        return OneCampaign.ProblemOf(answer) is { } problem ? problem : GetCampaign.Answer(answer.Campaign!, Clock, Http); // it is done
    }
}
