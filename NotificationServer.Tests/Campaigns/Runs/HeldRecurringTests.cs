using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Tests.Campaigns.Runs;

public sealed class HeldRecurringTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task What_comes_again_and_is_held_stays_held_though_its_run_ends_and_goes_on_with_its_next_one()
    {
        await world.GivenPeopleAsync(5);
        var campaign = await world.GivenDueAsync(plan => plan with { Schedule = new Schedule { Kind = ScheduleKind.Recurring, Cron = "0 0 * * *" }, ThrottlePerMinute = 1 });
        await world.BeginAsync();
        await world.TendAsync();
        var desk = world.Get<CampaignDesk>();
        Assert.Equal(CampaignAnswerStatus.Done, (await desk.PauseAsync(campaign, "wait", "staff:ann@example.org", default)).Status);

        await world.DoAsync("update campaign_runs set expires_at = now() where campaign_id = @campaign", new { campaign });
        await world.DriveAsync();
        Assert.Equal("expired", (await world.RunOfAsync(campaign)).Outcome);
        Assert.Equal("paused", await world.StatusOfAsync(campaign));

        // What it missed is not made up for.
        await world.DoAsync("update campaigns set next_run_at = now() - interval '1 hour' where id = @campaign", new { campaign });
        var resumed = await desk.ResumeAsync(campaign, "staff:ann@example.org", default);
        Assert.Equal((CampaignAnswerStatus.Done, CampaignStatus.Scheduled), (resumed.Status, resumed.Campaign!.Status)); // it is done
        Assert.True(resumed.Campaign.NextRunAt > await world.AskAsync<DateTimeOffset>("select now()"));
        Assert.False(await world.BeginAsync());
    }
}
