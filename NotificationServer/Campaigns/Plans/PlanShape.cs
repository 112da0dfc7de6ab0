using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Campaigns.Plans;

/// What any plan must be, however little of it there is: every value in its form and its bounds.
internal static partial class PlanShape
{
    private const int MostSegments = 50;
    private const int MostDataBytes = 64 * 1024;
    private const int MostPerMinute = 10_000_000;
    private const int MostVariants = 4;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), LongestWait = TimeSpan.FromDays(14), LongestRun = TimeSpan.FromDays(30);
    private static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), Last = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<PlanError> Check(CampaignPlan plan)
    {
        var errors = new List<PlanError>();
        CheckWords(plan, errors);
        CheckAudience(plan.Audience, errors);
        CheckChannels(plan.Channels, errors);
        CheckSchedule(plan.Schedule, errors);
        if (plan.SendWindow is { } window)
            Check(window.Days.Distinct().Count() == window.Days.Count, "/send_window/days", "duplicate", "Name each day once", errors);
        Check(plan.ThrottlePerMinute is null or (> 0 and <= MostPerMinute), "/throttle_per_minute", "out_of_range", "1 to 10,000,000 people a minute", errors);
        CheckTime(plan.ExpiresAt, "/expires_at", errors);
        Check(plan.ExpiresAfter is not { } after || (after >= Shortest && after <= LongestRun), "/expires_after_seconds", "out_of_range", "A minute to 30 days", errors);
        Check(plan.FailureLimitPercent is >= 1 and <= 100, "/failure_limit_percent", "out_of_range", "1 to 100", errors);
        if (plan.AbTest is { } test) CheckTest(test, errors);
        return errors;
    }

    private static void CheckWords(CampaignPlan plan, List<PlanError> errors)
    {
        CheckTemplate(plan.Template, plan.TemplateVersion, "", errors);
        if (plan.Data is not { } data) return;
        Check(data.ValueKind is JsonValueKind.Object or JsonValueKind.Null, "/data", "not_an_object", "Use a JSON object", errors);
        Check(Encoding.UTF8.GetByteCount(data.GetRawText()) <= MostDataBytes, "/data", "too_large", "At most 64 KiB", errors);
        Check(!data.GetRawText().Contains("\\u0000", StringComparison.Ordinal), "/data", "nul_character", "Contains a NUL character", errors);
        StorableNumbers.Check(data, "/data", (pointer, code, message) => errors.Add(new(pointer, code, message)));
    }

    private static void CheckTemplate(string? template, int? version, string at, List<PlanError> errors)
    {
        Check(template is null || TemplateKey().IsMatch(template), $"{at}/template", "invalid_key", "The key of a template", errors);
        Check(version is null or > 0, $"{at}/template_version", "out_of_range", "Versions count from 1", errors);
    }

    private static void CheckAudience(Audience audience, List<PlanError> errors)
    {
        Check(audience.SegmentIds.Count <= MostSegments, "/audience/segment_ids", "too_many", "At most 50 segments", errors);
        Check(audience.ExcludeSegmentIds.Count <= MostSegments, "/audience/exclude_segment_ids", "too_many", "At most 50 segments", errors);
        Check(audience.SegmentIds.Distinct().Count() == audience.SegmentIds.Count, "/audience/segment_ids", "duplicate", "Name each segment once", errors);
        Check(audience.ExcludeSegmentIds.Distinct().Count() == audience.ExcludeSegmentIds.Count, "/audience/exclude_segment_ids", "duplicate", "Name each segment once", errors);
    }

    private static void CheckChannels(IReadOnlyList<string> channels, List<PlanError> errors)
    {
        foreach (var (index, channel) in channels.Index().Where(one => ChannelNames.Expand(one.Item).Count == 0))
            errors.Add(new($"/channels/{index}", "unknown_channel", "push, sms, email, ios_push, android_push or web_push"));
        Check(channels.Distinct().Count() == channels.Count, "/channels", "duplicate", "Name each channel once", errors);
    }

    private static void CheckSchedule(Schedule schedule, List<PlanError> errors)
    {
        CheckTime(schedule.At, "/schedule/at", errors);
        CheckTime(schedule.Until, "/schedule/until", errors);
        Check(schedule.LocalTime is not { } local || (local > First.UtcDateTime && local < Last.UtcDateTime),
            "/schedule/local_time", "time_out_of_range", "Between the years 2000 and 2200", errors);
        Check(schedule.TimeZone is null || LocalTimes.IsZone(schedule.TimeZone), "/schedule/time_zone", "unknown_time_zone", "Use an IANA zone such as Europe/Zurich", errors);
        if (schedule.Cron is { } cron && Cron.Parse(cron, out var problem) is null) errors.Add(new("/schedule/cron", "invalid_cron", problem));
    }

    private static void CheckTest(AbTest test, List<PlanError> errors)
    {
        Check(test.Variants.Count <= MostVariants, "/ab_test/variants", "too_many", "At most 4 variants", errors);
        Check(test.Variants.DistinctBy(variant => variant.Name, StringComparer.OrdinalIgnoreCase).Count() == test.Variants.Count,
            "/ab_test/variants", "duplicate", "Give each variant a name of its own", errors);
        foreach (var (index, variant) in test.Variants.Index())
        {
            Check(!string.IsNullOrWhiteSpace(variant.Name) && variant.Name.Length <= 50 && !variant.Name.Any(char.IsControl),
                $"/ab_test/variants/{index}/name", "invalid_name", "1 to 50 characters on one line", errors);
            CheckTemplate(variant.Template, variant.TemplateVersion, $"/ab_test/variants/{index}", errors);
        }
        Check(test.SamplePercent is >= 1 and <= 100, "/ab_test/sample_percent", "out_of_range", "1 to 100", errors);
        Check(test.DecideAfter >= Shortest && test.DecideAfter <= LongestWait, "/ab_test/decide_after_seconds", "out_of_range", "A minute to 14 days", errors);
    }

    private static void CheckTime(DateTimeOffset? at, string pointer, List<PlanError> errors) =>
        Check(at is not { } time || (time > First && time < Last), pointer, "time_out_of_range", "Between the years 2000 and 2200", errors);

    private static void Check(bool holds, string pointer, string code, string message, List<PlanError> errors)
    {
        if (!holds) errors.Add(new PlanError(pointer, code, message));
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TemplateKey();
}
