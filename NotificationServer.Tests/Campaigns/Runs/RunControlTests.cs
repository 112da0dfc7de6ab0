using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Platform.Clocks;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Runs;

/// What is said about when and how fast, and what stops it.
public sealed class RunControlTests(RunWorld world) : IClassFixture<RunWorld>, IAsyncLifetime
{
    public Task InitializeAsync() => world.DoAsync("""
        delete from jobs;
        update campaign_runs set phase = 'ended', outcome = 'cancelled', ended_at = now() where phase <> 'ended';
        update campaigns set next_run_at = null
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Cancelled_it_takes_back_what_was_not_sent_and_comes_to_nobody_else()
    {
        await world.GivenPeopleAsync(60);
        var campaign = await world.GivenDueAsync();
        await GatherAsync(campaign);
        await world.ExpandOnceAsync();
        await world.SendAllAsync();
        await world.ExpandOnceAsync();
        await world.ExpandOnceAsync();

        await using (var connection = await world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync())
            await RunSwitch.CancelAsync(connection, campaign, "wrong price", CancellationToken.None);
        Assert.False(await world.ExpandOnceAsync());
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("cancelled", 60, 25, 35), (run.Outcome, run.Audience, run.Expanded, run.Withdrawn));
        Assert.Equal((10, 15, 0), await world.AskAsync<(long, long, long)>("""
            select count(*) filter (where status = 'sent'), count(*) filter (where status = 'cancelled'), (select count(*) from jobs) from messages where campaign_run_id = @Id
            """, new { run.Id }));
        await world.AssertAddsUpAsync(campaign);
    }

    [Fact]
    public async Task At_a_pace_the_next_people_have_to_wait_for_their_turn()
    {
        await world.GivenPeopleAsync(30);
        var campaign = await world.GivenDueAsync(plan => plan with { ThrottlePerMinute = 6 });
        await GatherAsync(campaign);

        Assert.True(await world.ExpandOnceAsync());
        Assert.False(await world.ExpandOnceAsync());
        var run = await world.RunOfAsync(campaign);
        Assert.Equal(1, run.Expanded);
        var now = await world.AskAsync<DateTimeOffset>("select now()");
        Assert.InRange(run.NextAt, now, now.AddSeconds(10.1));

        // Somebody lets it go faster.
        await using (var connection = await world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync())
            await RunSwitch.ThrottleAsync(connection, campaign, null, CancellationToken.None);
        await world.DriveAsync();
        Assert.Equal(30, (await world.RunOfAsync(campaign)).Expanded);
        await world.AssertExactlyOnceAsync(campaign);
    }

    [Fact]
    public async Task After_an_outage_what_is_too_late_is_not_sent()
    {
        await world.GivenPeopleAsync(5);
        var now = await world.AskAsync<DateTimeOffset>("select now()");
        var campaign = await world.GivenDueAsync(plan => plan with { ExpiresAt = now.AddMinutes(-1) }, at: now.AddHours(-2));
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("expired", 0, "expired"), (run.Outcome, run.Messages, await world.StatusOfAsync(campaign)));
    }

    [Fact]
    public async Task When_its_time_is_over_the_rest_is_left()
    {
        await world.GivenPeopleAsync(40);
        var now = await world.AskAsync<DateTimeOffset>("select now()");
        var campaign = await world.GivenDueAsync(plan => plan with { ExpiresAt = now.AddHours(1) });
        await GatherAsync(campaign);
        await world.ExpandOnceAsync();
        Assert.Equal(10, await world.AskAsync<long>("select count(*) from jobs where expires_at between now() + interval '59 minutes' and now() + interval '1 hour'"));
        await world.SendAllAsync();
        await world.DoAsync("update campaign_runs set expires_at = now() where campaign_id = @campaign", new { campaign });
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("expired", 10, 30), (run.Outcome, run.Expanded, run.Withdrawn));
        Assert.Equal("expired", await world.StatusOfAsync(campaign));
    }

    [Fact]
    public async Task Outside_its_hours_nothing_is_made_until_they_begin()
    {
        await world.GivenPeopleAsync(5);
        var now = await world.AskAsync<DateTimeOffset>("select now()");
        var (from, to) = (TimeOnly.FromTimeSpan(now.AddHours(2).TimeOfDay), TimeOnly.FromTimeSpan(now.AddHours(3).TimeOfDay));
        var campaign = await world.GivenDueAsync(plan => plan with { SendWindow = new SendWindow { From = from, To = to } });
        await world.DriveAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("sending", 5, 0), (run.Phase, run.Audience, run.Messages));
        Assert.Equal(SendWindows.NextOpening([], from, to, null, now), run.NextAt);
    }

    [Fact]
    public async Task By_everybodys_own_clock_each_zone_has_its_hour_also_where_the_clocks_change()
    {
        await world.GivenPeopleAsync(8);
        await world.DoAsync("""
            update users set time_zone = case id when 'u0001' then 'Europe/Berlin' when 'u0002' then 'Asia/Kathmandu' when 'u0003' then 'America/St_Johns' when 'u0004' then 'No/Where' end;
            insert into devices (user_id, id, platform, push_provider, token, time_zone) values ('u0005', 'd', 'ios', 'apns', 'tok-u0005', 'Asia/Tokyo')
            """);
        // Half past two does not exist in Berlin on that day.
        var local = new DateTime(2027, 3, 28, 2, 30, 0);
        var campaign = await world.GivenDueAsync(plan => plan with { Schedule = new Schedule { Kind = ScheduleKind.Local, LocalTime = local, TimeZone = "America/New_York" } });
        await GatherAsync(campaign);

        async Task<DateTimeOffset> DueOf(string user) => await world.AskAsync<DateTimeOffset>("""
            select w.due_at from campaign_recipients r join campaign_waves w using (run_id, wave) join campaign_runs u on u.id = r.run_id
            where u.campaign_id = @campaign and r.user_id = @user
            """, new { campaign, user });
        Assert.Equal(new DateTimeOffset(2027, 3, 28, 1, 0, 0, TimeSpan.Zero), await DueOf("u0001"));
        Assert.Equal(new DateTimeOffset(2027, 3, 27, 20, 45, 0, TimeSpan.Zero), await DueOf("u0002"));
        Assert.Equal(new DateTimeOffset(2027, 3, 28, 5, 0, 0, TimeSpan.Zero), await DueOf("u0003"));
        Assert.Equal(new DateTimeOffset(2027, 3, 28, 6, 30, 0, TimeSpan.Zero), await DueOf("u0004"));
        Assert.Equal(new DateTimeOffset(2027, 3, 27, 17, 30, 0, TimeSpan.Zero), await DueOf("u0005"));
        Assert.Equal(new DateTimeOffset(2027, 3, 28, 6, 30, 0, TimeSpan.Zero), await DueOf("u0006"));

        Assert.False(await world.ExpandOnceAsync());
        // It strikes in Tokyo.
        await world.DoAsync("update campaign_waves set due_at = now() where time_zone = 'Asia/Tokyo'");
        await world.DriveAsync();
        Assert.Equal(["u0005"], (await world.AskAsync<string>("select string_agg(user_id, ',') from messages where campaign_run_id = (select id from campaign_runs where campaign_id = @campaign)", new { campaign })).Split(','));
        await world.DoAsync("update campaign_waves set due_at = now()");
        await world.DriveAsync();
        await world.AssertExactlyOnceAsync(campaign);
        Assert.Equal("verifying", (await world.RunOfAsync(campaign)).Phase);
    }

    [Fact]
    public async Task A_test_shows_its_variants_to_some_and_what_did_best_to_the_rest()
    {
        await world.GivenPeopleAsync(200);
        var campaign = await world.GivenDueAsync(plan => plan with
        {
            AbTest = new AbTest
            {
                Variants = [new Variant { Name = "A", Template = RunWorld.Template, TemplateVersion = 1 }, new Variant { Name = "B", Template = "spring-other", TemplateVersion = 1 }],
                SamplePercent = 30, DecideAfter = TimeSpan.FromHours(1),
            },
        });
        await world.DriveAsync();
        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("deciding", 200), (run.Phase, run.Audience));
        Assert.InRange(run.Expanded, 30, 95);
        Assert.Equal(2, await world.AskAsync<long>("select count(distinct template) from messages where campaign_run_id = @Id", new { run.Id }));

        await world.SendAllAsync();
        // Of those who got B, one opened it.
        await world.DoAsync("""
            insert into engaged (message_id, kind, by_whom, at, day, client_id, template, template_version, channel, provider, campaign_run_id)
            select id, 'opened', 'human', now(), now()::date, client_id, template, 1, channel, 'test', campaign_run_id from messages where template = 'spring-other' and campaign_run_id = @Id limit 1
            """, new { run.Id });
        await world.DriveAsync();
        Assert.Equal("deciding", (await world.RunOfAsync(campaign)).Phase);
        await world.DoAsync("update campaign_runs set decide_at = now() where id = @Id", new { run.Id });
        await world.DriveAsync();

        Assert.Equal((short)1, (await world.RunOfAsync(campaign)).Winner);
        Assert.Equal(200, (await world.RunOfAsync(campaign)).Expanded);
        Assert.True(await world.AskAsync<bool>("select count(*) filter (where template = 'spring-other') > 130 from messages where campaign_run_id = @Id", new { run.Id }));
        await world.AssertExactlyOnceAsync(campaign);
        await world.AssertAddsUpAsync(campaign);
    }

    [Fact]
    public async Task Where_too_much_fails_it_waits_for_a_person_and_then_what_failed_before_is_forgiven()
    {
        await world.GivenPeopleAsync(100);
        var campaign = await world.GivenDueAsync();
        await GatherAsync(campaign);
        for (var i = 0; i < 4; i++) await world.ExpandOnceAsync();
        await world.SendAllAsync(failEach: 3);
        await world.TendAsync();

        Assert.False(await world.ExpandOnceAsync());
        Assert.Equal("paused", await world.StatusOfAsync(campaign));
        Assert.Contains("11 of 35", (await world.RunOfAsync(campaign)).PauseReason, StringComparison.Ordinal);
        Assert.Equal(1, await world.AskAsync<long>("select count(*) from alerts where kind = 'campaign_paused' and cleared_at is null"));

        await world.DoAsync("update campaigns set status = 'running' where id = @campaign", new { campaign });
        await using (var connection = await world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync())
            await RunSwitch.ResumeAsync(connection, campaign, CancellationToken.None);
        await world.DriveAsync();
        await world.SendAllAsync();
        await world.DriveAsync();
        Assert.Equal("completed", await world.StatusOfAsync(campaign));
        Assert.Equal(0, await world.AskAsync<long>("select count(*) from alerts where kind = 'campaign_paused' and cleared_at is null"));
    }

    [Fact]
    public async Task What_waits_while_it_is_held_is_found_again_when_it_goes_on()
    {
        await world.GivenPeopleAsync(10);
        var campaign = await world.GivenDueAsync();
        await GatherAsync(campaign);
        await world.ExpandOnceAsync();
        var door = world.Get<CampaignDoor>();
        var run = await world.RunOfAsync(campaign);
        var now = await world.AskAsync<DateTimeOffset>("select now()");
        // So young that this node cannot have seen it yet.
        Assert.NotNull(door.UntilOf(NotificationServer.Platform.PrefixedId.Create(now, 0), null, now));
        await door.RefreshAsync(CancellationToken.None);
        Assert.Null(door.UntilOf(run.Id, null, now));

        await using var connection = await world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await RunSwitch.PauseAsync(connection, campaign, "test", null, CancellationToken.None);
        await door.RefreshAsync(CancellationToken.None);
        // However much later it is written, the place is the same.
        var until = door.UntilOf(run.Id, null, now);
        Assert.Equal(until, door.UntilOf(run.Id, null, now.AddHours(2)));
        var jobs = await world.Get<JobClaims>().ClaimAsync("email", new LaneLimits(100, 100, 100, 100, 0), CancellationToken.None);
        await world.Get<JobResults>().WriteAsync([.. jobs.Select(job => new JobResult { Job = job, At = until })], CancellationToken.None);
        Assert.Equal(10, await world.AskAsync<long>("select count(*) from jobs where run_at = @until", new { until }));
        await world.TendAsync();
        Assert.Equal(0, await world.AskAsync<long>("select count(*) from jobs where run_at <= now()"));

        await RunSwitch.ResumeAsync(connection, campaign, CancellationToken.None);
        await world.DriveAsync();
        Assert.Equal(10, await world.AskAsync<long>("select count(*) from jobs where run_at <= now()"));
    }

    private async Task GatherAsync(Guid campaign)
    {
        await world.BeginAsync();
        await Eventually.IsTrueAsync(async () =>
        {
            await world.TendAsync();
            return (await world.RunOfAsync(campaign)).Phase != "gathering";
        });
    }
}
