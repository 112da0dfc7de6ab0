using System.Globalization;
using System.Text.Json;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Tests.Campaigns.Plans;

public sealed class PlanTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-20T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public void A_plan_is_read_back_as_it_was_written()
    {
        var plan = new CampaignPlan
        {
            Template = "sale", TemplateVersion = 3, Data = JsonElement.Parse("""{"discount":20}"""), Channels = ["push", "email"],
            Audience = new Audience { SegmentIds = [Guid.CreateVersion7()], ExcludeSegmentIds = [Guid.CreateVersion7()] },
            Schedule = new Schedule { Kind = ScheduleKind.Local, LocalTime = new DateTime(2026, 4, 1, 9, 0, 0), TimeZone = "Europe/Zurich" },
            SendWindow = new SendWindow { Days = [DayOfWeek.Monday], From = new(9, 0), To = new(18, 0) },
            ThrottlePerMinute = 600, ExpiresAfter = TimeSpan.FromHours(3), FrequencyCap = FrequencyCap.Ignore, OnError = OnError.Skip, FailureLimitPercent = 7,
            AbTest = new AbTest { Variants = [new Variant { Name = "a" }, new Variant { Name = "b", Template = "sale-b" }], Metric = TestMetric.Clicked, SamplePercent = 10 },
        };

        Assert.Equal(plan.ToJson(), CampaignPlan.FromJson(plan.ToJson()).ToJson());
        Assert.Empty(PlanDiff.Of(plan, CampaignPlan.FromJson(plan.ToJson())));
    }

    [Fact]
    public void What_differs_is_told_field_by_field_in_words()
    {
        var before = new CampaignPlan { Template = "sale", ThrottlePerMinute = 600, Data = JsonElement.Parse("""{"discount":10,"code":"A"}""") };
        var after = before with
        {
            ThrottlePerMinute = null, Data = JsonElement.Parse("""{"discount":20,"code":"A"}"""), Channels = ["sms"],
            Schedule = new Schedule { Kind = ScheduleKind.At, At = Now }, SendWindow = new SendWindow { Days = [DayOfWeek.Sunday, DayOfWeek.Monday], From = new(9, 0), To = new(18, 0) },
        };

        Assert.Equal(
            [
                new("data.discount", "10", "20"), new("channels", "all that the template has words for", "sms"), new("schedule.kind", "now", "at"),
                new("schedule.at", null, "2026-03-20 12:00:00 UTC"), new("send_window", null, "mon, sun 09:00 to 18:00"), new("throttle_per_minute", "600", null),
            ],
            PlanDiff.Of(before, after));
        Assert.Contains(new PlanChange("template", null, "sale"), PlanDiff.Of(null, before));
    }

    [Fact]
    public void A_draft_may_lack_anything() => Assert.Empty(PlanRules.Check(new CampaignPlan()));

    public static TheoryData<string, string> Unfit() => new()
    {
        { """{"template":"No key!"}""", "/template invalid_key" },
        { """{"template_version":0}""", "/template_version out_of_range" },
        { """{"data":[1]}""", "/data not_an_object" },
        { """{"data":{"a":"\u0000"}}""", "/data nul_character" },
        { """{"data":{"a":1e400}}""", "/data/a number_out_of_range" },
        { """{"channels":["pigeon"]}""", "/channels/0 unknown_channel" },
        { """{"channels":["sms","sms"]}""", "/channels duplicate" },
        { """{"schedule":{"time_zone":"Mars/Base"}}""", "/schedule/time_zone unknown_time_zone" },
        { """{"schedule":{"kind":"Recurring","cron":"0 25 * * *"}}""", "/schedule/cron invalid_cron" },
        { """{"schedule":{"kind":"At","at":"1999-01-01T00:00:00Z"}}""", "/schedule/at time_out_of_range" },
        { """{"throttle_per_minute":0}""", "/throttle_per_minute out_of_range" },
        { """{"expires_after":"00:00:01"}""", "/expires_after_seconds out_of_range" },
        { """{"failure_limit_percent":101}""", "/failure_limit_percent out_of_range" },
        { """{"ab_test":{"variants":[{"name":"a"},{"name":"A"}]}}""", "/ab_test/variants duplicate" },
        { """{"ab_test":{"variants":[{"name":" "}],"sample_percent":0}}""", "/ab_test/variants/0/name invalid_name, /ab_test/sample_percent out_of_range" },
        { """{"ab_test":{"variants":[],"decide_after":"15.00:00:00"}}""", "/ab_test/decide_after_seconds out_of_range" },
    };

    [Theory, MemberData(nameof(Unfit))]
    public void What_no_draft_may_say_is_refused_where_it_stands(string plan, string errors) =>
        Assert.Equal(errors, string.Join(", ", PlanRules.Check(CampaignPlan.FromJson(plan)).Select(error => $"{error.Pointer} {error.Code}")));

    public static TheoryData<string, string> Untimely() => new()
    {
        { """{}""", "" },
        { """{"schedule":{"kind":"At"}}""", "/schedule/at required" },
        { """{"schedule":{"kind":"At","at":"2026-03-20T12:00:00Z"}}""", "/schedule/at in_the_past" },
        { """{"schedule":{"kind":"Local"}}""", "/schedule/local_time required" },
        { """{"schedule":{"kind":"Local","local_time":"2026-03-20T00:00:00"}}""", "/schedule/local_time in_the_past" },
        { """{"schedule":{"kind":"Local","local_time":"2026-03-20T00:01:00"}}""", "" },
        { """{"schedule":{"kind":"Recurring"}}""", "/schedule/cron required" },
        { """{"schedule":{"kind":"Recurring","cron":"* 9 * * *"}}""", "/schedule/cron too_often" },
        { """{"schedule":{"kind":"Recurring","cron":"0 * * * *","time_zone":"Europe/Berlin"}}""", "" },
        { """{"schedule":{"kind":"Recurring","cron":"0 9 31 2 *"}}""", "/schedule/cron never" },
        { """{"schedule":{"kind":"Recurring","cron":"0 9 * * *","until":"2026-03-20T11:00:00Z"}}""", "/schedule/until in_the_past" },
        { """{"schedule":{"kind":"Recurring","cron":"0 9 * * *"},"expires_at":"2026-12-01T00:00:00Z"}""", "/expires_at recurring" },
        { """{"expires_after":"01:00:00"}""", "/expires_after_seconds not_recurring" },
        { """{"expires_at":"2026-03-20T11:00:00Z"}""", "/expires_at expires_before_start" },
        { """{"expires_at":"2026-03-20T20:00:00Z","send_window":{"from":"06:00","to":"10:00"}}""", "/expires_at expires_before_window" },
        { """{"expires_at":"2026-03-21T07:00:00Z","send_window":{"from":"06:00","to":"10:00"}}""", "" },
        { """{"expires_at":"2026-03-20T15:00:00Z","ab_test":{"variants":[],"decide_after":"04:00:00"}}""", "/ab_test/decide_after_seconds decides_too_late" },
    };

    [Theory, MemberData(nameof(Untimely))]
    public void What_cannot_begin_or_be_over_when_it_says_is_not_submitted(string plan, string errors) =>
        Assert.Equal(errors, string.Join(", ", PlanTimes.Check(CampaignPlan.FromJson(plan), Now).Select(error => $"{error.Pointer} {error.Code}")));
}
