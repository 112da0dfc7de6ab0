using Dapper;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Privacy;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Runs;

/// Everybody who is meant is dealt with, once, whatever happens meanwhile.
public sealed class ExactlyOnceTests(RunWorld world) : IClassFixture<RunWorld>
{
    [Fact]
    public async Task A_campaign_that_is_due_tells_everybody_once_and_is_called_done_when_all_of_it_is()
    {
        await world.GivenPeopleAsync(63);
        await world.DoAsync("""
            update users set email = null where id = 'u0003';
            insert into blocks (user_id, reason, created_by) values ('u0004', 'test', 'test');
            insert into preferences (user_id, channel, category, opt_in, source) values ('u0005', 'email', '', false, 'test'), ('u0006', 'email', 'account', false, 'test')
            """);
        var campaign = await world.GivenDueAsync();

        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal((63, 63, 59, 4, 63), (run.Audience, run.Expanded, run.Addressed, run.Excluded, run.Messages));
        await world.AssertExactlyOnceAsync(campaign);
        await world.AssertAddsUpAsync(campaign);
        // Proven, but not done: what is made is not sent yet.
        Assert.Equal(("verifying", "running"), (run.Phase, await world.StatusOfAsync(campaign)));

        await world.SendAllAsync();
        await world.DriveAsync();
        Assert.Equal(("completed", "completed"), ((await world.RunOfAsync(campaign)).Outcome, await world.StatusOfAsync(campaign)));
        await world.AssertAddsUpAsync(campaign);
        await world.FoldAsync();
        await world.AssertAddsUpAsync(campaign);
        Assert.Equal(2, await world.AskAsync<short>("select min(lane) from messages where campaign_run_id = @Id", new { run.Id }));
        await world.DoAsync("delete from blocks");
    }

    [Fact]
    public async Task However_often_it_is_killed_in_the_middle_of_a_batch_nobody_is_missing_and_nobody_has_two()
    {
        await world.GivenPeopleAsync(400);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();

        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (!await world.ExpandOnceAsync()) await Task.Delay(5);
                }
#pragma warning disable CA1031 // Killed, in whatever it did.
                catch (Exception)
#pragma warning restore CA1031
                {
                }
            }
        })).ToList();
        await using (var killer = new Npgsql.NpgsqlConnection(await world.AskAsync<string>("select current_database()") is { } name ? PostgresServer.ConnectionStringFor(name) + ";Pooling=false" : ""))
        {
            await killer.OpenAsync();
            for (var kills = 0; kills < 10;)
            {
                // In the middle of whatever they are doing to a message: as if the node had died there.
                kills += await killer.ExecuteScalarAsync<int>("""
                    select count(pg_terminate_backend(pid))::integer from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and (query like '%into messages%' or query like '%campaign_parts%')
                    """);
                if (await killer.ExecuteScalarAsync<bool>("select not exists (select from campaign_parts)")) break;
            }
        }
        await Eventually.IsTrueAsync(() => world.AskAsync<bool>("select not exists (select from campaign_parts)"));
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal((400, 400, 0, "verifying"), (run.Audience, run.Expanded, run.Missing, run.Phase));
        await world.AssertExactlyOnceAsync(campaign);
        await world.AssertAddsUpAsync(campaign);
        await EndAsync(campaign);
    }

    [Fact]
    public async Task Held_and_let_go_ten_times_it_does_the_same_and_nothing_while_it_is_held()
    {
        await world.GivenPeopleAsync(120);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        for (var i = 0; i < 10; i++)
        {
            await world.ExpandOnceAsync();
            await InTransaction(connection => RunSwitch.PauseAsync(connection, campaign, "staff:ada@example.org", "a moment", CancellationToken.None));
            var before = (await world.RunOfAsync(campaign)).Expanded;
            Assert.False(await world.ExpandOnceAsync());
            await world.TendAsync();
            Assert.Equal(before, (await world.RunOfAsync(campaign)).Expanded);
            await InTransaction(connection => RunSwitch.ResumeAsync(connection, campaign, CancellationToken.None));
        }
        await world.DriveAsync();

        Assert.Equal((120, "verifying"), ((await world.RunOfAsync(campaign)).Expanded, (await world.RunOfAsync(campaign)).Phase));
        await world.AssertExactlyOnceAsync(campaign);
        await EndAsync(campaign);
    }

    [Fact]
    public async Task Whoever_opts_out_in_the_middle_is_not_told_and_is_counted()
    {
        await world.GivenPeopleAsync(60);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        await world.ExpandOnceAsync();
        await world.DoAsync("insert into preferences (user_id, channel, category, opt_in, source) select id, 'email', '', false, 'test' from users");
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal((60, 10, 50), (run.Expanded, run.Addressed, run.Excluded));
        Assert.Equal(50, await world.AskAsync<int>("select (excluded ->> 'opted_out')::integer from campaign_runs where id = @Id", new { run.Id }));
        await world.AssertAddsUpAsync(campaign);
        await EndAsync(campaign);
    }

    [Fact]
    public async Task Two_who_share_an_address_are_two_people()
    {
        await world.GivenPeopleAsync(4);
        await world.DoAsync("update users set email = 'family@example.org'");
        var campaign = await world.GivenDueAsync();
        await world.DriveAsync();

        Assert.Equal(4, (await world.RunOfAsync(campaign)).Messages);
        await world.AssertExactlyOnceAsync(campaign);
        await EndAsync(campaign);
    }

    [Fact]
    public async Task Whoever_is_forgotten_in_the_middle_is_named_nowhere_and_the_books_still_add_up()
    {
        await world.GivenPeopleAsync(40);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        await world.ExpandOnceAsync();
        foreach (var person in (string[])["u0001", "u0038"])
            await world.Get<PersonEraser>().EraseAsync(new RecipientId(person), "test", "asked for", CancellationToken.None);
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal((40, 39, 1, "verifying"), (run.Audience, run.Expanded, run.Withdrawn, run.Phase));
        Assert.Equal(0, await world.AskAsync<long>("select count(*) from campaign_recipients where user_id in ('u0001', 'u0038')"));
        await world.AssertAddsUpAsync(campaign);
        await EndAsync(campaign);
    }

    [Fact]
    public async Task Who_is_found_without_a_message_is_given_one_before_it_is_called_done()
    {
        await world.GivenPeopleAsync(30);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        while (await world.ExpandOnceAsync())
        {
        }
        // What must not happen, and is looked for all the same.
        await world.DoAsync("""
            with gone as (
                delete from messages where user_id = 'u0007' and campaign_run_id = (select id from campaign_runs where campaign_id = @campaign) returning id
            )
            delete from jobs j using gone where j.id = gone.id
            """, new { campaign });
        await world.DriveAsync();

        Assert.Equal((1, "verifying"), ((await world.RunOfAsync(campaign)).Missing, (await world.RunOfAsync(campaign)).Phase));
        await world.AssertExactlyOnceAsync(campaign);
        // What was deleted behind its back is counted as waiting for ever.
        await world.DoAsync("update campaign_runs set phase = 'ended', outcome = 'cancelled', ended_at = now() where campaign_id = @campaign", new { campaign });
        await world.SendAllAsync();
    }

    [Fact]
    public async Task What_was_made_twice_is_not_called_done()
    {
        await world.GivenPeopleAsync(5);
        var campaign = await world.GivenDueAsync();
        await world.BeginAsync();
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        while (await world.ExpandOnceAsync())
        {
        }
        await world.DoAsync("""
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, status, created_at, updated_at, campaign_run_id)
            select uuid_from(now()), notification_id, client_id, user_id, channel, lane, address, 'sent', now(), now(), campaign_run_id from messages
            where user_id = 'u0002' and campaign_run_id = (select id from campaign_runs where campaign_id = @campaign)
            """, new { campaign });
        await world.DriveAsync();

        Assert.Equal(("failed", "failed"), ((await world.RunOfAsync(campaign)).Outcome, await world.StatusOfAsync(campaign)));
        await world.DoAsync("delete from jobs");
    }

    private async Task EndAsync(Guid campaign)
    {
        await world.SendAllAsync();
        await world.DriveAsync();
        Assert.Equal("completed", await world.StatusOfAsync(campaign));
        await world.DoAsync("delete from preferences");
    }

    private async Task InTransaction(Func<Npgsql.NpgsqlConnection, Task> step)
    {
        await using var connection = await world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await step(connection);
        await transaction.CommitAsync();
    }
}
