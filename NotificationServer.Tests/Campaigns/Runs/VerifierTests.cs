using NotificationServer.Campaigns.Runs;
using NotificationServer.Queue;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Campaigns.Runs;

/// A run of which messages are missing when they are counted again.
public sealed class VerifierTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task While_the_channel_takes_nothing_in_it_waits_and_then_everybody_gets_theirs()
    {
        var campaign = await GivenMissingAsync();
        await world.DoAsync("insert into queue_switches (kind, name, mode, reason, changed_by) values ('channel', 'email', 'draining', 'a test', 'test')");
        await world.Get<Switches>().RefreshAsync(CancellationToken.None);

        for (var i = 0; i < 5; i++) await world.TendAsync();
        var held = await world.RunOfAsync(campaign);
        Assert.Equal(("verifying", 0, 0L), (held.Phase, held.Missing, await MessagesOf(campaign)));
        Assert.True(await world.AskAsync<bool>("select tend_at > now() + interval '1 second' and verified_to = '' from campaign_runs where id = @Id", new { held.Id }));

        await world.DoAsync("delete from queue_switches");
        await world.Get<Switches>().RefreshAsync(CancellationToken.None);
        await AssertCompletesAsync(campaign);
    }

    [Fact]
    public async Task Where_its_words_are_gone_it_is_held_for_a_person_and_goes_on_when_they_are_back()
    {
        var campaign = await GivenMissingAsync();
        await world.DoAsync("update templates set archived_at = now() where key = @Template", new { RunWorld.Template });
        world.Get<TemplateCatalog>().Forget(RunWorld.Template);

        for (var i = 0; i < 5; i++) await world.TendAsync();
        var held = await world.RunOfAsync(campaign);
        Assert.Equal(("verifying", 0, 0L), (held.Phase, held.Missing, await MessagesOf(campaign)));
        Assert.Equal("There is no published template of this key and version.", held.PauseReason);
        Assert.Equal("paused", await world.StatusOfAsync(campaign));

        await world.DoAsync("""
            update templates set archived_at = null where key = @Template;
            update campaigns set status = 'running' where id = @campaign
            """, new { RunWorld.Template, campaign });
        world.Get<TemplateCatalog>().Forget(RunWorld.Template);
        await using (var connection = await world.Get<NpgsqlDataSource>().OpenConnectionAsync())
            await RunSwitch.ResumeAsync(connection, campaign, CancellationToken.None);
        await AssertCompletesAsync(campaign);
    }

    /// All are said to have been dealt with, and nobody has a message.
    private async Task<Guid> GivenMissingAsync()
    {
        await world.GivenPeopleAsync(30);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        await Eventually.IsTrueAsync(async () =>
        {
            await world.TendAsync();
            return (await world.RunOfAsync(campaign)).Phase != "gathering";
        });
        var run = await world.RunOfAsync(campaign);
        await world.DoAsync("delete from campaign_parts where run_id = @Id; update campaign_runs set expanded = audience where id = @Id", new { run.Id });
        return campaign;
    }

    private async Task AssertCompletesAsync(Guid campaign)
    {
        await world.DriveAsync();
        await world.AssertExactlyOnceAsync(campaign);
        await world.SendAllAsync();
        await world.DriveAsync();
        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("completed", 30, 30), (run.Outcome, run.Expanded, run.Missing));
    }

    private Task<long> MessagesOf(Guid campaign) =>
        world.AskAsync<long>("select count(*) from messages where campaign_run_id = (select id from campaign_runs where campaign_id = @campaign)", new { campaign });
}
