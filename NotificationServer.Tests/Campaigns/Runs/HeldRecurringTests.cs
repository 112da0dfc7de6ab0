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

    [Fact]
    public async Task A_pace_that_is_meant_for_the_runs_to_come_holds_until_the_plan_is_agreed_to_anew()
    {
        await world.GivenPeopleAsync(5);
        var campaign = await world.GivenDueAsync(plan => plan with { Schedule = new Schedule { Kind = ScheduleKind.Recurring, Cron = "0 0 * * *" }, ThrottlePerMinute = 600 });
        var once = await world.GivenDueAsync();
        while (await world.BeginAsync())
        {
        }
        var desk = world.Get<CampaignDesk>();
        Assert.Equal(CampaignAnswerStatus.Invalid, (await desk.ThrottleAsync(once, 60, "staff:ann@example.org", default, andFollowing: true)).Status);

        Assert.Null((await desk.ThrottleAsync(campaign, 30, "staff:ann@example.org", default)).Campaign!.Pace); // it is done
        Assert.Equal(600, await NextThrottleAsync(campaign));
        Assert.Equal(60, (await desk.ThrottleAsync(campaign, 60, "staff:ann@example.org", default, andFollowing: true)).Campaign!.Pace); // likewise
        Assert.Equal(60, await NextThrottleAsync(campaign));
        await desk.ThrottleAsync(campaign, null, "staff:ann@example.org", default, andFollowing: true);
        Assert.Null(await NextThrottleAsync(campaign));

        await world.DoAsync("update campaign_runs set phase = 'ended', outcome = 'completed', ended_at = now() where campaign_id = @campaign; update campaigns set status = 'scheduled' where id = @campaign", new { campaign });
        var stored = (await world.Get<CampaignStore>().FindAsync(campaign, default))!; // it is there
        var edited = await desk.EditAsync(campaign, null, new CampaignDraft(stored.Name, stored.Plan with { ThrottlePerMinute = 900 }), "staff:ann@example.org", default);
        Assert.Equal((CampaignStatus.Draft, null), (edited.Campaign!.Status, edited.Campaign.Pace)); // it is done
    }

    /// Of a run that begins now, as if another day had come.
    private async Task<int?> NextThrottleAsync(Guid campaign)
    {
        await world.DoAsync("update campaigns set next_run_at = now() where id = @campaign", new { campaign });
        Assert.True(await world.BeginAsync());
        return await world.AskAsync<int?>("select throttle from campaign_runs where campaign_id = @campaign order by id desc limit 1", new { campaign });
    }
}
