using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Campaigns.Runs;

public sealed class RunPauseTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task The_server_that_wants_to_hold_a_run_waits_for_the_person_who_is_just_doing_it()
    {
        await world.GivenPeopleAsync(1);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        var run = await world.RunOfAsync(campaign);
        var db = world.Get<NpgsqlDataSource>();
        await using var server = await db.OpenConnectionAsync();
        var (turn, _) = await CampaignTurn.BeginAsync(db, campaign, CampaignDeed.Pause, null, "staff:ada@example.org", CancellationToken.None);

        // The person has the campaign; now comes the server, and only then does the person want the run.
        Task<bool> byServer;
        await using (turn!) // it is running
        {
            byServer = RunPause.ByServerAsync(server, run.Id, "Its template is gone.", CancellationToken.None);
            await Eventually.IsTrueAsync(() => world.AskAsync<bool>("select cardinality(pg_blocking_pids(@ProcessID)) > 0", new { server.ProcessID }));
            Assert.Equal(1, await RunSwitch.PauseAsync(turn!.Connection, campaign, "staff:ada@example.org", "a moment", CancellationToken.None));
            await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.Paused, Note = "a moment" }, "campaign.pause", CancellationToken.None);
        }

        Assert.False(await byServer);
        Assert.Equal("a moment", (await world.RunOfAsync(campaign)).PauseReason);
        Assert.Equal(0, await world.AskAsync<long>("select count(*) from alerts where kind = 'campaign_paused'"));
    }
}
