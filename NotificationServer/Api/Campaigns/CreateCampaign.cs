using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

internal static class CreateCampaign
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/campaigns", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(CreateCampaign))
        .WithSummary("Write a campaign")
        .WithDescription("A draft: it may lack anything but its name, and goes nowhere before it was submitted, approved by a second person, and launched.")
        .WithRequestExample("""{"name":"Autumn sale","template":"autumn-sale","data":{"discount":20},"channels":["push","email"],"schedule":{"kind":"local","local_time":"2027-10-01T09:00","time_zone":"Europe/Zurich"},"send_window":{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"18:00"},"throttle_per_minute":60000,"expires_at":"2027-10-02T18:00:00Z"}""");

    private static async Task<Results<Created<CampaignView>, Problem>> HandleAsync(
        Body<CampaignBody> body, Caller caller, CampaignDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var draft = new CampaignDraft(body.Value.Name, PlanBody.Read(body.Value, errors)) { ClientId = caller.ClientId, Sandbox = caller.Sandbox || body.Value.Sandbox };
        if (errors.Any) return OneCampaign.ProblemOf(CampaignMaker.Check(draft), errors);

        var answer = await desk.CreateAsync(draft, caller.Actor, ct);
        if (OneCampaign.ProblemOf(answer) is { } problem) return problem;
        var view = CampaignView.Of(answer.Campaign!, clock.GetUtcNow()); // it is done
        http.SetETag(answer.Campaign!.Revision);
        return TypedResults.Created($"/v1/campaigns/{view.Id}", view);
    }
}
