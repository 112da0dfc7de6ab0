using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Calendar;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Calendar;

public sealed class CalendarReaderTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Every_moment_of_what_is_planned_stands_there_once_what_began_too_and_one_too_many_is_told()
    {
        using var service = await server.ServiceAsync();
        await service.JsonAsync("PUT /v1/categories/sales", """{"name":"Sales","class":"marketing","limit":{"count":1,"per_seconds":302400,"policy":"drop"}}""");
        await service.JsonAsync("POST /v1/templates", """{"key":"sale","name":"Sale","category":"sales","channels":{"sms":{"body":"Sale"}}}""");
        var now = TimeProvider.System.GetUtcNow();
        await AddAsync("Weekly", new Schedule { Kind = ScheduleKind.Recurring, Cron = "0 9 * * 1" });
        await AddAsync("Once", new Schedule { Kind = ScheduleKind.At, At = now.AddDays(10) });
        await AddAsync("Some day", new Schedule { Kind = ScheduleKind.At });
        await AddAsync("Over", new Schedule { Kind = ScheduleKind.At, At = now.AddDays(-3) });
        await server.Db.GivenCampaignAsync("Went out", "ended");

        var calendar = server.Services.GetRequiredService<CalendarReader>();
        var runs = await calendar.RunsAsync(now.AddDays(-1), now.AddDays(21), default);

        Assert.Equal(3, runs.Count(run => run.Name == "Weekly"));
        Assert.All(runs.Where(run => run.Name == "Weekly"), run => Assert.Equal((DayOfWeek.Monday, 9), (run.At.DayOfWeek, run.At.Hour)));
        Assert.Single(runs, run => run.Name == "Once");
        Assert.True(Assert.Single(runs, run => run.Name == "Went out").HasBegun);
        Assert.DoesNotContain(runs, run => run.Name is "Some day" or "Over");

        // The one in ten days is less than half a week from one Monday, and from one only.
        var told = await service.JsonAsync($"GET /v1/campaigns:calendar?to={Uri.EscapeDataString(now.AddDays(21).ToString("O"))}");
        var conflict = Assert.Single(told.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("sales", "drop"), (conflict.GetProperty("category").GetString(), conflict.GetProperty("policy").GetString()));
        Assert.Equal(["Once", "Weekly"], new[] { conflict.GetProperty("run"), conflict.GetProperty("after")[0] }.Select(run => run.GetProperty("name").GetString()).Order());
        await service.RefusesAsync("GET /v1/campaigns:calendar?from=2026-12-01T00:00:00Z&to=2027-12-01T00:00:00Z", null, 400, "invalid_parameter");
    }

    private async Task AddAsync(string name, Schedule schedule)
    {
        var desk = server.Services.GetRequiredService<CampaignDesk>();
        Assert.Equal(CampaignAnswerStatus.Done, (await desk.CreateAsync(new CampaignDraft(name, new CampaignPlan { Template = "sale", Schedule = schedule }), "staff:ada@example.org", default)).Status);
    }
}
