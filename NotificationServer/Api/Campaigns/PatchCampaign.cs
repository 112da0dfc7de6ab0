using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Campaigns;

namespace NotificationServer.Api.Campaigns;

internal static class PatchCampaign
{
    /// A patch names what it changes, so that losing a race is no reason to bother the caller, unless the caller said so (If-Match).
    private const int Tries = 5;

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/campaigns/{id}", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(PatchCampaign))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Change a campaign (JSON merge patch)")
        .WithDescription("Not while it runs, nor afterwards. What was submitted, approved or scheduled becomes a draft again, to be agreed to anew; a patch that changes nothing leaves it as it is.")
        .WithRequestExample("""{"name":"Autumn sale, the last day","throttle_per_minute":null}""");

    private static async Task<Results<Ok<CampaignView>, Problem>> HandleAsync(
        string id, MergePatch<CampaignBody> patch, Caller caller, CampaignStore campaigns, CampaignDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (http.ReadRevision(out var revision) is { } malformed) return malformed;

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await OneCampaign.FindAsync(id, caller, campaigns, ct) is not { } current) return Problems.NotFound();
            if (revision is not null && revision != current.Revision) return Problems.VersionConflict();
            if (patch.Apply(PlanBody.Of(current.Name, current.Plan, current.Sandbox), out var patched) is { } fault) return fault;

            var errors = new FieldErrors();
            errors.Check(patched!.Sandbox == current.Sandbox, "/sandbox", "immutable", "Where it goes is said when it is made"); // there was no fault
            var draft = new CampaignDraft(patched.Name, PlanBody.Read(patched, errors)) { ClientId = current.ClientId, Sandbox = current.Sandbox };
            if (errors.Any) return OneCampaign.ProblemOf(CampaignMaker.Check(draft), errors);
            var answer = await desk.EditAsync(current.Id, current.Revision, draft, caller.Actor, ct);
            if (answer.Status == CampaignAnswerStatus.Changed) continue;
            return OneCampaign.ProblemOf(answer) is { } problem ? problem : GetCampaign.Answer(answer.Campaign!, clock, http); // it is done
        }
        return Problems.VersionConflict();
    }
}
