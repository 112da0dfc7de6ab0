using System.Globalization;
using System.Text.Json;
using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Plans;

/// One thing that differs, in words. Field: as in the API, e.g. `schedule.at`. Null: it says nothing of it.
internal sealed record PlanChange(string Field, string? Before, string? After);

/// What an edit did to what was agreed to.
internal static class PlanDiff
{
    private const string Time = "yyyy-MM-dd HH:mm:ss 'UTC'";

    /// Before null: all of it is new. SegmentName: what segments are called; null: by their ids.
    public static IReadOnlyList<PlanChange> Of(CampaignPlan? before, CampaignPlan after, Func<Guid, string>? segmentName = null)
    {
        var name = segmentName ?? (id => PrefixedId.Format("seg", id));
        var (old, now) = (before is null ? [] : Told(before, name), Told(after, name));
        var order = now.Keys.Concat(old.Keys.Where(field => !now.ContainsKey(field)));
        return [.. order.Select(field => new PlanChange(field, old.GetValueOrDefault(field), now.GetValueOrDefault(field))).Where(change => change.Before != change.After)];
    }

    /// All that a plan says, field by field; what it does not say is left out.
    public static Dictionary<string, string> Told(CampaignPlan plan, Func<Guid, string> segmentName)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        Say("template", plan.Template);
        Say("template_version", plan.TemplateVersion);
        if (plan.Data is { ValueKind: JsonValueKind.Object } data)
            foreach (var member in data.EnumerateObject()) Say($"data.{member.Name}", member.Value.ToString());
        Say("audience.segment_ids", plan.Audience.SegmentIds is [] ? "everybody" : Listed(plan.Audience.SegmentIds.Select(segmentName)));
        Say("audience.exclude_segment_ids", Listed(plan.Audience.ExcludeSegmentIds.Select(segmentName)));
        Say("channels", plan.Channels is [] ? "all that the template has words for" : Listed(plan.Channels));
        SaySchedule(plan.Schedule);
        if (plan.SendWindow is { } window) Say("send_window", PlanWords.Of(window));
        Say("throttle_per_minute", plan.ThrottlePerMinute);
        Say("expires_at", plan.ExpiresAt);
        Say("expires_after", plan.ExpiresAfter);
        Say("frequency_cap", PlanWords.Name(plan.FrequencyCap));
        if (plan.AbTest is { } tested) SayTest(tested);
        Say("on_error", PlanWords.Name(plan.OnError));
        Say("failure_limit_percent", plan.FailureLimitPercent);
        return said;

        void Say(string field, object? value)
        {
            if (Text(value) is { Length: > 0 } text) said[field] = text;
        }

        void SaySchedule(Schedule schedule)
        {
            Say("schedule.kind", PlanWords.Name(schedule.Kind));
            Say("schedule.at", schedule.At);
            Say("schedule.local_time", schedule.LocalTime?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            Say("schedule.time_zone", schedule.TimeZone);
            Say("schedule.cron", schedule.Cron);
            Say("schedule.until", schedule.Until);
        }

        void SayTest(AbTest test)
        {
            foreach (var (index, variant) in test.Variants.Index())
                Say($"ab_test.variants.{index + 1}", $"{variant.Name}: {variant.Template ?? plan.Template}{(variant.TemplateVersion is { } version ? $", version {version}" : "")}");
            Say("ab_test.sample_percent", test.SamplePercent);
            Say("ab_test.metric", PlanWords.Name(test.Metric));
            Say("ab_test.decide_after", test.DecideAfter);
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTimeOffset at => at.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture),
        TimeSpan span => PlanWords.Of(span),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
