using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Tests.Campaigns.Runs;

public sealed class GathererTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task Rules_that_take_long_are_asked_about_fewer_people_at_a_time_until_there_is_an_answer()
    {
        await world.GivenPeopleAsync(60);
        // Each takes 10 ms, as a rule may that looks into all of somebody's messages.
        await world.DoAsync("""
            create function take_long() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$;
            create trigger recipients_take_long before insert on campaign_recipients for each row execute function take_long()
            """);
        var options = Options.Create(new RunOptions { SliceSize = 25, SliceTimeout = TimeSpan.FromMilliseconds(150) });
        var tender = new RunTender(
            world.Get<NpgsqlDataSource>(), new Gatherer(world.Get<Audiences>(), options), world.Get<Verifier>(), world.Get<FailureWatch>(), options, NullLogger<RunTender>.Instance);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();

        var steps = 0;
        while ((await world.RunOfAsync(campaign)).Phase == "gathering")
        {
            Assert.InRange(++steps, 1, 100);
            await world.DoAsync("update campaign_runs set tend_at = now()");
            Assert.True(await tender.RunOnceAsync(CancellationToken.None));
        }

        Assert.True(steps > 4, $"25 at a time take too long, and it needed {steps} steps");
        Assert.Equal(60, (await world.RunOfAsync(campaign)).Audience);
        await world.DoAsync("drop trigger recipients_take_long on campaign_recipients");
        await world.DriveAsync();
        await world.AssertExactlyOnceAsync(campaign);
        await world.AssertAddsUpAsync(campaign);
    }
}
