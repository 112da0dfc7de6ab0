using System.ComponentModel;
using System.Text.Json;

namespace NotificationServer.Api.Campaigns;

/// What a campaign says, to whom, and when: as callers write it, and as they are shown it. All but the name may be said later.
public sealed record CampaignBody(
    string Name,
    [property: Description("Key of the template; its category says what people may opt out of, and must not be critical")] string? Template = null,
    [property: Description("Left out: the version that is published when the campaign is submitted")] int? TemplateVersion = null,
    [property: Description("What the template's variables are for everybody")] JsonElement? Data = null,
    CampaignBody.AudienceBody? Audience = null,
    [property: Description("push, sms, email, or one of the push channels; left out: all that the template has words for")] string[]? Channels = null,
    CampaignBody.ScheduleBody? Schedule = null,
    CampaignBody.WindowBody? SendWindow = null,
    [property: Description("People a minute; left out: as fast as the queue takes them")] int? ThrottlePerMinute = null,
    [property: Description("What is not sent by then is not sent at all")] DateTimeOffset? ExpiresAt = null,
    [property: Description("Recurring: how long after its beginning a run is still sent; left out: until the next one")] long? ExpiresAfterSeconds = null,
    [property: Description("respect (the limit of the template's category holds) or ignore")] string? FrequencyCap = null,
    CampaignBody.TestBody? AbTest = null,
    [property: Description("pause (it waits for a person when too much of it fails) or skip")] string? OnError = null,
    [property: Description("Percent of what providers answered that may have failed before on_error is done; left out: 20")] int? FailureLimitPercent = null,
    [property: Description("True: it is delivered to the inbox only. Cannot be changed; always so with a test key")] bool Sandbox = false)
{
    public sealed record AudienceBody(
        [property: Description("People in any of these; none: everybody")] string[]? SegmentIds = null,
        [property: Description("And in none of these")] string[]? ExcludeSegmentIds = null);

    public sealed record ScheduleBody(
        [property: Description("now, at, local or recurring")] string Kind,
        [property: Description("at: the instant")] DateTimeOffset? At = null,
        [property: Description("local: by everybody's own clock, as 2026-12-01T09:00")] string? LocalTime = null,
        [property: Description("IANA; recurring: whose clock the expression is about; local: of people of whom no zone is known; left out: UTC")] string? TimeZone = null,
        [property: Description("recurring: minute, hour, day of month (L: the last), month, day of week, as 0 9 * * MON")] string? Cron = null,
        [property: Description("recurring: no run begins after it")] DateTimeOffset? Until = null);

    public sealed record WindowBody(
        [property: Description("HH:mm")] string From,
        [property: Description("HH:mm; before from: it ends on the next day")] string To,
        [property: Description("mon to sun; left out: every day")] string[]? Days = null);

    public sealed record TestBody(
        [property: Description("2 to 4")] VariantBody[]? Variants = null,
        [property: Description("Of the audience, all variants together")] int SamplePercent = 20,
        [property: Description("opened or clicked: by people, of those reached")] string Metric = "opened",
        [property: Description("How long after the sample was sent the winner is chosen")] long DecideAfterSeconds = 14400);

    public sealed record VariantBody(
        string Name,
        [property: Description("Left out: the campaign's")] string? Template = null,
        int? TemplateVersion = null);
}
