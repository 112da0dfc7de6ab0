using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Api.Segments;

/// What creating, changing and trying a segment have in common.
internal static class SegmentBody
{
    public const string AboutRules = """
        A tree: groups `{"all":[...]}`, `{"any":[...]}`, `{"not":{...}}`, at most 8 within each other, and at most 100 conditions `{"field","op","value"}`. Fields:
        country, locale, time_zone (in, not_in, exists, missing); tags (any_of, all_of, none_of); email, phone, device (exists, missing);
        created_at (before, on_or_after, within_last_days, more_than_days_ago, anniversary_in_days);
        attributes.NAME (is, is_not, in, not_in, contains, not_contains, starts_with, less_than, at_most, more_than, at_least, exists, missing, and those of dates with within_next_days);
        device.platform, device.app_id (in, not_in); device.app_version (is, below, at_least);
        preference (is `in` or `out`, with channel and perhaps category); engagement (did, did_not: opened, clicked, replied, unsubscribed, complained; perhaps within_days, template, campaign);
        received (at_least, fewer_than, with within_days and perhaps template, category, channel, campaign); segment (in, not_in: ids of lists). `{"all":[]}` is everybody.
        """;

    public static Problem ProblemOf(SegmentAnswer answer) => answer.Status switch
    {
        SegmentAnswerStatus.Invalid => ProblemOf(answer.Errors),
        SegmentAnswerStatus.NameTaken => Problems.Conflict("name_taken", "There is a segment of this name"),
        SegmentAnswerStatus.InUse => Problems.Conflict("segment_in_use", answer.Problem ?? "Something needs it"),
        SegmentAnswerStatus.Changed => Problems.VersionConflict(),
        SegmentAnswerStatus.Done or SegmentAnswerStatus.NotFound => Problems.NotFound(),
    };

    public static Problem ProblemOf(IEnumerable<PlanError> errors)
    {
        var fields = new FieldErrors();
        foreach (var error in errors) fields.Add(error.Pointer, error.Code, error.Message);
        return fields.ToProblem();
    }

    /// Either of the two.
    public static (AudienceSql? Audience, Problem? Problem) Audience(JsonElement rules)
    {
        var (audience, errors) = Audiences.OfRules(rules);
        return (audience, audience is null ? ProblemOf(errors.Select(error => error with { Pointer = $"/rules{error.Pointer}" })) : null);
    }
}
