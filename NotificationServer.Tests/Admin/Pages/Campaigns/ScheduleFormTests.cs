using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Admin.Pages.Campaigns;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

public sealed class ScheduleFormTests
{
    private static readonly CampaignPlan[] Plans =
    [
        new(),
        new() { Schedule = new Schedule { Kind = ScheduleKind.At, At = new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero), TimeZone = "Europe/Zurich" }, ExpiresAt = new DateTimeOffset(2026, 12, 2, 8, 0, 0, TimeSpan.Zero) },
        new() { Schedule = new Schedule { Kind = ScheduleKind.Local, LocalTime = new DateTime(2026, 12, 1, 9, 0, 0) }, FrequencyCap = FrequencyCap.Ignore, OnError = OnError.Skip },
        new()
        {
            Schedule = new Schedule { Kind = ScheduleKind.Recurring, Cron = "0 9 * * 1,4", TimeZone = "Asia/Kolkata", Until = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            SendWindow = new SendWindow { Days = [DayOfWeek.Monday, DayOfWeek.Sunday], From = new TimeOnly(9, 0), To = new TimeOnly(20, 30) },
            ThrottlePerMinute = 600, ExpiresAfter = TimeSpan.FromHours(36), FailureLimitPercent = 5,
        },
    ];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Plans.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public void What_the_form_was_filled_with_comes_back_unchanged(int place)
    {
        var errors = new ModelStateDictionary();
        Assert.Equal(Plans[place].ToJson(), ScheduleForm.Of(Plans[place]).Over(Plans[place], errors).ToJson());
        Assert.Equal(0, errors.ErrorCount);
    }

    [Fact]
    public void Times_are_by_the_clock_of_the_zone_that_stands_beside_them()
    {
        var form = ScheduleForm.Of(new CampaignPlan());
        (form.Kind, form.At, form.Zone) = ("at", "2026-07-01T09:00", " Europe/Zurich ");
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 7, 0, 0, TimeSpan.Zero), form.Over(new CampaignPlan(), new ModelStateDictionary()).Schedule.At);
    }

    [Fact]
    public void What_cannot_be_read_is_told_beside_its_field()
    {
        var form = ScheduleForm.Of(new CampaignPlan());
        (form.Kind, form.At, form.Zone, form.Throttle, form.FailureLimit, form.InWindow, form.From) = ("at", "tomorrow", "Mars/Olympus", 0, 400, true, "9 o'clock");
        var errors = new ModelStateDictionary();
        form.Over(new CampaignPlan(), errors);
        Assert.Equal(["Form.At", "Form.FailureLimit", "Form.From", "Form.Throttle", "Form.Zone"], errors.Keys.Order());

        (form.Kind, form.Every, form.Days) = ("recurring", Repetition.Weeks, []);
        form.Over(new CampaignPlan(), errors);
        Assert.True(errors.ContainsKey("Form.Days"));
    }
}
