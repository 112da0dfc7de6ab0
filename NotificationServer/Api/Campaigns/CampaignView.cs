using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns;

/// A campaign as callers see one: what was planned, and where it stands.
public sealed record CampaignView(
    string Id, string Name, string Status, string? Template, int? TemplateVersion, JsonElement? Data, CampaignBody.AudienceBody? Audience, string[]? Channels,
    CampaignBody.ScheduleBody? Schedule, CampaignBody.WindowBody? SendWindow, int? ThrottlePerMinute, DateTimeOffset? ExpiresAt, long? ExpiresAfterSeconds,
    string? FrequencyCap, CampaignBody.TestBody? AbTest, string? OnError, int? FailureLimitPercent, bool Sandbox,
    [property: Description("When it begins, or begins again")] DateTimeOffset? NextRunAt,
    [property: Description("When it would go out next, as it stands; up to five")] IReadOnlyList<DateTimeOffset> NextRuns,
    [property: Description("Why it was sent back, paused, or ended as it did")] string? Note,
    string CreatedBy, DateTimeOffset CreatedAt, string UpdatedBy, DateTimeOffset UpdatedAt, string? SubmittedBy, DateTimeOffset? SubmittedAt,
    [property: Description("Of what was agreed to last; :diff says what is different now")] string? ApprovedBy, DateTimeOffset? ApprovedAt, string? ClonedFrom,
    [property: Description("People a minute of the runs to come, as :throttle said; 0: as fast as it goes; null: as the plan says")] int? FollowingThrottlePerMinute)
{
    private const int Shown = 5;

    internal static CampaignView Of(Campaign campaign, DateTimeOffset now)
    {
        var body = PlanBody.Of(campaign.Name, campaign.Plan, campaign.Sandbox);
        var schedule = campaign.Plan.Schedule;
        return new CampaignView(
            PrefixedId.Format("cmp", campaign.Id), body.Name, campaign.Status.Name(), body.Template, body.TemplateVersion, body.Data, body.Audience, body.Channels,
            body.Schedule, body.SendWindow, body.ThrottlePerMinute, body.ExpiresAt, body.ExpiresAfterSeconds,
            body.FrequencyCap, body.AbTest, body.OnError, body.FailureLimitPercent, body.Sandbox,
            campaign.NextRunAt, campaign.Status.IsOver() || schedule.Kind == ScheduleKind.Now ? [] : Occurrences.Preview(schedule, now, Shown), campaign.Note,
            campaign.CreatedBy, campaign.CreatedAt, campaign.UpdatedBy, campaign.UpdatedAt, campaign.SubmittedBy, campaign.SubmittedAt,
            campaign.ApprovedBy, campaign.ApprovedAt, campaign.ClonedFrom is { } original ? PrefixedId.Format("cmp", original) : null, campaign.Pace);
    }
}

/// What all calls on one campaign have in common.
internal static class OneCampaign
{
    /// Null: there is none of this id, or none that this key may see: a test key knows what goes to the sandbox only.
    public static async Task<Campaign?> FindAsync(string id, Caller caller, CampaignStore campaigns, CancellationToken ct) =>
        PrefixedId.TryParse("cmp", id, out var wanted) && await campaigns.FindAsync(wanted, ct) is { } found && (found.Sandbox || !caller.Sandbox) ? found : null;

    /// What the caller saw when they decided; null: they do not care. A tag that is no revision matches none.
    public static Problem? ReadRevision(this HttpContext http, out int? revision)
    {
        revision = null;
        if (http.ReadIfMatch(out var expected) is { } problem) return problem;
        if (expected is not null) revision = int.TryParse(expected, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return null;
    }

    /// Null: it is done.
    public static Problem? ProblemOf(CampaignAnswer answer) => answer.Status switch
    {
        CampaignAnswerStatus.Done => null,
        CampaignAnswerStatus.NotFound => Problems.NotFound(),
        CampaignAnswerStatus.WrongState => Problems.Conflict("wrong_state", answer.Problem ?? "Not in this state"),
        CampaignAnswerStatus.Changed => Problems.VersionConflict(),
        CampaignAnswerStatus.Invalid => ProblemOf(answer.Errors),
        CampaignAnswerStatus.NeedsSecondPerson => new Problem(StatusCodes.Status403Forbidden, "second_person_required", "Not allowed", answer.Problem ?? ""),
    };

    /// Before: what could not be read at all, about which nothing more is to be said.
    public static Problem ProblemOf(IReadOnlyList<PlanError> found, FieldErrors? before = null)
    {
        var errors = before ?? new FieldErrors();
        var unread = errors.All.Select(error => error.Pointer).ToList();
        foreach (var error in found.Where(error => !unread.Exists(pointer => IsWithin(error.Pointer, pointer) || IsWithin(pointer, error.Pointer))))
            errors.Add(error.Pointer, error.Code, error.Message);
        return errors.ToProblem();
    }

    private static bool IsWithin(string pointer, string outer) => pointer == outer || pointer.StartsWith($"{outer}/", StringComparison.Ordinal);
}
