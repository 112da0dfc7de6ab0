using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

/// What the monitor's figures are made from, and how it leaves again.
public sealed class MonitorTests : IAsyncLifetime
{
    private readonly QueueFixture queue = new();

    public Task InitializeAsync() => queue.InitializeAsync();

    public Task DisposeAsync() => queue.DisposeAsync();

    [Fact]
    public async Task What_came_went_and_failed_is_remembered_by_minutes_and_by_days_and_is_the_same_sum()
    {
        await queue.GivenDead(3);
        for (var i = 0; i < 4; i++) await queue.GivenMessage();
        await queue.Write(QueueFixture.Sent((await queue.Claim(limits: new LaneLimits(1, 1, 1, 1, 0)))[0]));
        var history = new FlowHistory(queue.Db);

        var before = Sum(await history.LastHourAsync(default));
        await queue.Rollup.RunOnceAsync(default);
        var after = Sum(await history.LastHourAsync(default));
        var week = Sum(await history.LastWeekAsync("sms", default));

        Assert.Equal((7, 4, 3), before);
        Assert.Equal((before, before), (after, week));
    }

    [Fact]
    public async Task A_message_that_is_tried_again_is_counted_where_it_waits()
    {
        await queue.Write(QueueFixture.Again(await queue.GivenRunning(), TimeSpan.FromHours(1)));

        var lane = (await new QueueFigures(queue.Db).ReadAsync(["sms"], default)).Single(one => one.Lane == Lane.Transactional);

        Assert.Equal((1, 1), (lane.Scheduled, lane.Retrying));
    }

    [Fact]
    public async Task Old_alerts_operations_decisions_and_entries_leave_and_what_is_open_or_running_stays()
    {
        await queue.Execute("""
            insert into alerts (kind, key, cleared_at, detail) values ('a', 'old', now() - interval '91 days', '{}'), ('a', 'young', now() - interval '89 days', '{}');
            insert into alerts (kind, key, first_seen, detail) values ('a', 'open', now() - interval '900 days', '{}');
            insert into operations (id, type, status, filter, total, most, reason, requested_by, created_at, finished_at)
            select uuid_from(now() - age), 'requeue', case when ended then 'completed' else 'running' end, '{}', 0, 1, name, 'x', now() - age, case when ended then now() - age end
            from (values ('old', interval '91 days', true), ('young', interval '89 days', true), ('running', interval '900 days', false)) as o(name, age, ended);
            insert into audit_log (id, actor, action, target) select uuid_from(now() - age), 'x', 'y', name from (values ('old', interval '401 days'), ('young', interval '399 days')) as a(name, age);
            insert into decisions (message_id, at, decision, actor, reason)
            select uuid_from(now() - interval '500 days'), now() - age, 'discarded', 'x', name from (values ('old', interval '401 days'), ('young', interval '399 days')) as d(name, age);
            insert into failure_groups (fingerprint, channel, summary, last_seen, sample_message_id)
            values ('old', 'sms', 'x', now() - interval '91 days', gen_random_uuid()), ('waits', 'sms', 'x', now() - interval '91 days', gen_random_uuid());
            insert into dead_letters (message_id, notification_id, client_id, channel, lane, fingerprint, reason, attempts)
            values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'sms', 1, 'waits', 'x', 1);
            """, new { });

        Assert.False(await new OperatorRetention(queue.Db, Options.Create(new RetentionOptions())).RunOnceAsync(default));

        Assert.Equal(["open", "young"], await queue.QueryAll<string>("select key from alerts order by key"));
        Assert.Equal(["running", "young"], await queue.QueryAll<string>("select reason from operations order by reason"));
        Assert.Equal(["young"], await queue.QueryAll<string>("select target from audit_log"));
        Assert.Equal(["young"], await queue.QueryAll<string>("select reason from decisions"));
        Assert.Equal(["waits"], await queue.QueryAll<string>("select fingerprint from failure_groups"));
    }

    [Fact]
    public async Task The_books_of_days_that_are_gone_are_closed_and_still_balance()
    {
        await queue.GivenDead(1);
        await queue.Write(QueueFixture.Sent(await queue.GivenRunning()));
        await queue.Rollup.RunOnceAsync(default);
        await queue.Execute("""
            insert into message_counts (bucket, channel, lane, status, accepted, count)
            select date_trunc('day', now()) - make_interval(days => d) + make_interval(mins => 10 * p), 'sms', 1, s, case when s = 'sent' then 5 else 0 end, case when s = 'sent' then 3 else 2 end
            from unnest(array[89, 95, 200]) d, generate_series(1, 3) p, unnest(array['sent', 'delivered']) s;
            insert into balance_buckets (bucket, checked_at) select distinct bucket, now() from message_counts where bucket > 'epoch' on conflict do nothing;
            """, new { });
        var before = await new Balance(queue.Db).ReadAsync(default);
        var closing = new BookClosing(queue.Db, Options.Create(new RetentionOptions()));

        while (await closing.RunOnceAsync(default))
        {
        }

        var after = await new Balance(queue.Db).ReadAsync(default);
        Assert.Equal((before.Accepted, 0L, before.States["delivered"]), (after.Accepted, after.Difference, after.States["delivered"]));
        Assert.Equal(3, await queue.Query<int>("select count(distinct bucket) from message_counts where bucket > 'epoch' and bucket < now() - interval '2 days'", new { }));
        Assert.Equal(3, await queue.Query<int>("select count(*) from balance_buckets where bucket < now() - interval '2 days'", new { }));
        Assert.Equal(12, await queue.Query<int>("select sum(count) from message_counts where bucket = 'epoch' and status = 'delivered'", new { }));
    }

    [Fact]
    public async Task A_day_of_which_a_message_is_left_keeps_its_books()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddDays(-120));
        await queue.Execute("""
            insert into messages (id, notification_id, client_id, channel, lane, address, status, reason, created_at, updated_at)
            values (@id, @id, @id, 'sms', 1, '+15550100', 'failed', 'refused', now() - interval '120 days', now())
            """, new { id });
        await queue.Rollup.RunOnceAsync(default);

        Assert.False(await new BookClosing(queue.Db, Options.Create(new RetentionOptions())).RunOnceAsync(default));
        Assert.Equal(1, await queue.Query<int>("select count(*) from message_counts where bucket > 'epoch'", new { }));
    }

    private static (long, long, long) Sum(IReadOnlyList<FlowPoint> points) => (points.Sum(p => p.Came), points.Sum(p => p.Went), points.Sum(p => p.Failed));
}
