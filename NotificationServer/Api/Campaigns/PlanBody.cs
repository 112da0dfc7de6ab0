using System.Globalization;
using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns;

/// From what a caller wrote to a plan, and back.
internal static class PlanBody
{
    private const long MostSeconds = 366L * 24 * 3600;
    private const string WallTime = "yyyy-MM-dd'T'HH:mm";

    public static CampaignPlan Read(CampaignBody body, FieldErrors errors) => new()
    {
        Template = body.Template,
        TemplateVersion = body.TemplateVersion,
        Data = body.Data is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data ? data : null,
        Audience = new Audience
        {
            SegmentIds = Segments(body.Audience?.SegmentIds, "/audience/segment_ids", errors),
            ExcludeSegmentIds = Segments(body.Audience?.ExcludeSegmentIds, "/audience/exclude_segment_ids", errors),
        },
        Channels = body.Channels ?? [],
        Schedule = body.Schedule is { } schedule ? Read(schedule, errors) : new Schedule(),
        SendWindow = body.SendWindow is { } window ? Read(window, errors) : null,
        ThrottlePerMinute = body.ThrottlePerMinute,
        ExpiresAt = body.ExpiresAt,
        ExpiresAfter = body.ExpiresAfterSeconds is { } seconds ? Seconds(seconds) : null,
        FrequencyCap = Word(body.FrequencyCap, PlanWords.Name, FrequencyCap.Respect, "/frequency_cap", errors),
        AbTest = body.AbTest is { } test ? Read(test, errors) : null,
        OnError = Word(body.OnError, PlanWords.Name, OnError.Pause, "/on_error", errors),
        FailureLimitPercent = body.FailureLimitPercent ?? new CampaignPlan().FailureLimitPercent,
    };

    public static CampaignBody Of(string name, CampaignPlan plan, bool sandbox) => new(
        name, plan.Template, plan.TemplateVersion, plan.Data,
        new(Shown(plan.Audience.SegmentIds), Shown(plan.Audience.ExcludeSegmentIds)),
        plan.Channels is [] ? null : [.. plan.Channels],
        new(PlanWords.Name(plan.Schedule.Kind), plan.Schedule.At, plan.Schedule.LocalTime?.ToString(WallTime, CultureInfo.InvariantCulture),
            plan.Schedule.TimeZone, plan.Schedule.Cron, plan.Schedule.Until),
        plan.SendWindow is { } window ? new(PlanWords.Of(window.From), PlanWords.Of(window.To), window.Days is [] ? null : [.. window.Days.Select(PlanWords.Name)]) : null,
        plan.ThrottlePerMinute, plan.ExpiresAt, (long?)plan.ExpiresAfter?.TotalSeconds, PlanWords.Name(plan.FrequencyCap),
        plan.AbTest is { } test ? new(
            [.. test.Variants.Select(variant => new CampaignBody.VariantBody(variant.Name, variant.Template, variant.TemplateVersion))],
            test.SamplePercent, PlanWords.Name(test.Metric), (long)test.DecideAfter.TotalSeconds) : null,
        PlanWords.Name(plan.OnError), plan.FailureLimitPercent, sandbox);

    private static Schedule Read(CampaignBody.ScheduleBody body, FieldErrors errors)
    {
        DateTime? local = null;
        if (body.LocalTime is not null)
        {
            if (DateTime.TryParseExact(body.LocalTime, WallTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)) local = read;
            else errors.Add("/schedule/local_time", "invalid_time", "A day and a time without an offset, such as 2026-12-01T09:00");
        }
        return new Schedule
        {
            Kind = Word(body.Kind, PlanWords.Name, ScheduleKind.Now, "/schedule/kind", errors),
            At = body.At,
            LocalTime = local,
            TimeZone = body.TimeZone,
            Cron = body.Cron,
            Until = body.Until,
        };
    }

    private static SendWindow Read(CampaignBody.WindowBody body, FieldErrors errors) => new()
    {
        From = Time(body.From, "/send_window/from", errors),
        To = Time(body.To, "/send_window/to", errors),
        Days = [.. (body.Days ?? []).Select((day, index) => Word(day ?? "", PlanWords.Name, DayOfWeek.Monday, $"/send_window/days/{index}", errors))],
    };

    private static AbTest Read(CampaignBody.TestBody body, FieldErrors errors) => new()
    {
        Variants = [.. (body.Variants ?? []).Select((variant, index) =>
        {
            errors.Check(variant is not null, $"/ab_test/variants/{index}", "required", "A variant must not be null");
            return new Variant { Name = variant?.Name ?? "", Template = variant?.Template, TemplateVersion = variant?.TemplateVersion };
        })],
        SamplePercent = body.SamplePercent,
        Metric = Word(body.Metric, PlanWords.Name, TestMetric.Opened, "/ab_test/metric", errors),
        DecideAfter = Seconds(body.DecideAfterSeconds),
    };

    private static T Word<T>(string? word, Func<T, string> called, T otherwise, string pointer, FieldErrors errors) where T : struct, Enum
    {
        if (word is null) return otherwise;
        if (PlanWords.Parse(word, called) is { } value) return value;
        errors.Add(pointer, "unknown_word", $"Use one of {string.Join(", ", Enum.GetValues<T>().Select(called))}");
        return otherwise;
    }

    private static TimeOnly Time(string text, string pointer, FieldErrors errors)
    {
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        errors.Add(pointer, "invalid_time", "Use a time of the day like 09:00");
        return default;
    }

    private static List<Guid> Segments(string[]? ids, string pointer, FieldErrors errors)
    {
        var segments = new List<Guid>();
        foreach (var (index, id) in (ids ?? []).Index())
        {
            if (PrefixedId.TryParse("seg", id, out var segment)) segments.Add(segment);
            else errors.Add($"{pointer}/{index}", "invalid_id", "The id of a segment: seg_ and 32 digits");
        }
        return segments;
    }

    private static string[]? Shown(IReadOnlyList<Guid> segments) => segments is [] ? null : [.. segments.Select(id => PrefixedId.Format("seg", id))];

    /// Whatever was asked for, as a time that there is; the plan's own bounds are narrower.
    private static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, -MostSeconds, MostSeconds));
}
