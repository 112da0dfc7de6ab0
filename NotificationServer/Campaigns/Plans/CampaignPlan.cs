using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Campaigns.Plans;

/// What a campaign says, to whom, and when: what a marketer edits, a colleague agrees to, and a run keeps a copy of. A draft may lack
/// anything; PlanRules says what keeps it from being submitted.
internal sealed record CampaignPlan
{
    /// Key of the template. With a test, the variants name theirs instead.
    public string? Template { get; init; }
    /// Null: the one that is published when the campaign is submitted, which then is written here.
    public int? TemplateVersion { get; init; }
    /// What the template's variables are for everybody.
    public JsonElement? Data { get; init; }
    public Audience Audience { get; init; } = new();
    /// Names of channels; empty: all that the template has words for.
    public IReadOnlyList<string> Channels { get; init; } = [];
    public Schedule Schedule { get; init; } = new();
    public SendWindow? SendWindow { get; init; }
    /// People a minute; null: as fast as the queue takes them.
    public int? ThrottlePerMinute { get; init; }
    /// What is not sent by then is not sent at all. Not for a recurring one.
    public DateTimeOffset? ExpiresAt { get; init; }
    /// Recurring: how long after its beginning a run is still worth sending; null: until the next one.
    public TimeSpan? ExpiresAfter { get; init; }
    public FrequencyCap FrequencyCap { get; init; } = FrequencyCap.Respect;
    public AbTest? AbTest { get; init; }
    public OnError OnError { get; init; } = OnError.Pause;
    /// Percent of what providers answered that may have failed before OnError is done; from 1 to 100.
    public int FailureLimitPercent { get; init; } = 20;

    /// By reflection, since the serialiser made at build time sets what a plan of an older version lacks to nothing instead of its default.
    private static readonly JsonSerializerOptions Reading = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter() } };

    public string ToJson() => JsonSerializer.Serialize(this, PlanJson.Default.CampaignPlan);

    public static CampaignPlan FromJson(string json) => JsonSerializer.Deserialize<CampaignPlan>(json, Reading)!; // never "null": the column is written by ToJson
}

/// Whoever is in some of the one and in none of the other. No segment at all: everybody we know.
internal sealed record Audience
{
    public IReadOnlyList<Guid> SegmentIds { get; init; } = [];
    public IReadOnlyList<Guid> ExcludeSegmentIds { get; init; } = [];
}

internal enum ScheduleKind
{
    /// As soon as it is launched.
    Now,
    /// At one instant for everybody.
    At,
    /// At the same time by everybody's own clock.
    Local,
    /// Again and again, by a cron expression.
    Recurring,
}

internal sealed record Schedule
{
    public ScheduleKind Kind { get; init; }
    public DateTimeOffset? At { get; init; }
    /// Local: day and time by the clock of whoever gets it, as "2026-12-01T09:00".
    public DateTime? LocalTime { get; init; }
    /// Recurring: whose clock the expression is about (IANA). Local: of people of whom no zone is known. Otherwise: of the send window. Null: UTC.
    public string? TimeZone { get; init; }
    /// Recurring: minute, hour, day of month, month, day of week.
    public string? Cron { get; init; }
    /// Recurring: no run begins after it.
    public DateTimeOffset? Until { get; init; }
}

/// When something may be sent. By the schedule's time zone; where the schedule is local, by the clock of whoever gets it.
internal sealed record SendWindow
{
    /// Empty: every day.
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];
    public TimeOnly From { get; init; }
    /// Not after it. Before From: it ends on the next day.
    public TimeOnly To { get; init; }
}

internal enum FrequencyCap
{
    /// The limits of the template's category hold.
    Respect,
    /// It is sent to those too who were told often enough.
    Ignore,
}

internal enum OnError
{
    /// It waits for a person.
    Pause,
    /// What failed is left, the rest goes on.
    Skip,
}

/// Part of the audience is shown several variants; the rest gets the one that did best.
internal sealed record AbTest
{
    /// From 2 to 4.
    public IReadOnlyList<Variant> Variants { get; init; } = [];
    /// Of the audience, all variants together; from 1 to 100.
    public int SamplePercent { get; init; } = 20;
    public TestMetric Metric { get; init; }
    /// How long after the sample was sent the winner is chosen; from a minute to 14 days.
    public TimeSpan DecideAfter { get; init; } = TimeSpan.FromHours(4);
}

internal sealed record Variant
{
    public required string Name { get; init; }
    public string? Template { get; init; }
    /// Null: as for the campaign.
    public int? TemplateVersion { get; init; }
}

/// What the best is judged by: the share of those reached, by people and not by machines.
internal enum TestMetric
{
    Opened,
    Clicked,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CampaignPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
