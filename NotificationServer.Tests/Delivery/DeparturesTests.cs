using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Tests.Campaigns.Runs;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Delivery;

public sealed class DeparturesTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task Jobs_of_a_held_campaign_give_their_slots_back_once_also_when_the_wishes_of_the_others_cannot_be_read()
    {
        await world.GivenPeopleAsync(10);
        var (held, going) = (await world.GivenDueAsync(), await world.GivenDueAsync());
        await Eventually.IsTrueAsync(async () =>
        {
            await world.DriveAsync();
            return await world.AskAsync<long>("select count(*) from jobs") == 20;
        });
        await world.DoAsync("update campaign_runs set paused_at = now(), paused_by = 'test' where campaign_id = @held", new { held });
        await world.Get<CampaignDoor>().RefreshAsync(CancellationToken.None);
        var jobs = await world.Get<JobClaims>().ClaimAsync("email", new LaneLimits(100, 100, 100, 100, 0), CancellationToken.None);
        Assert.Equal(20, jobs.Count);
        var slots = new Slots(200);
        var before = slots.OfTheOthers();
        var departures = ActivatorUtilities.CreateInstance<Departures>(world.Get<IServiceProvider>(), "email", slots);
        var ended = 0;
        departures.Ended = () => ended++;

        await world.DoAsync("alter table users rename to users_out_of_reach");
        await departures.StartAsync(jobs);
        await world.DoAsync("alter table users_out_of_reach rename to users");

        Assert.Equal((20, 0), (ended, slots.InUse));
        Assert.Equal(before, slots.OfTheOthers());
        Assert.True(slots.DrainAsync().IsCompletedSuccessfully);
        Assert.Equal("verifying", (await world.RunOfAsync(going)).Phase);
    }
}
