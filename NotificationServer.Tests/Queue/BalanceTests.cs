using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class BalanceTests : IAsyncLifetime
{
    private static readonly Channel[] Channels = [Channel.Sms, Channel.Email, Channel.IosPush];

    private readonly QueueFixture queue = new();

    public Task InitializeAsync() => queue.InitializeAsync();

    public Task DisposeAsync() => queue.DisposeAsync();

    [Fact]
    public async Task The_books_balance_at_every_moment_of_a_storm_and_after_it()
    {
        using var over = new CancellationTokenSource();
        var watching = Task.Run(() => WatchAsync(over.Token));

        await Task.WhenAll([.. Channels.Select((channel, i) => Task.Run(() => StormAsync(channel, new Random(i)))), Task.Run(FoldAsync)]);
        await over.CancelAsync();
        await watching;

        Assert.Empty(await Check());
        var sheet = await new Balance(queue.Db).ReadAsync(CancellationToken.None);
        Assert.Equal((3 * 20 * 40, 0), (sheet.Accepted, sheet.Difference));
        var rows = (await queue.QueryAll<(string Status, long Count)>("select status, count(*) from messages group by status")).ToDictionary(r => r.Status, r => r.Count);
        Assert.Equal(rows.OrderBy(r => r.Key), sheet.States.Where(state => state.Value > 0).OrderBy(r => r.Key));
        Assert.True(rows.Count >= 4, "a storm has more than one kind of weather");
    }

    [Fact]
    public async Task A_message_that_lost_its_job_is_told_with_its_id_until_it_is_put_right()
    {
        var lost = await queue.GivenMessage();
        await queue.GivenMessage();
        await queue.Rollup.RunOnceAsync(CancellationToken.None);
        await queue.Execute("delete from jobs where id = @lost", new { lost });

        var difference = Assert.Single(await Check());

        Assert.Equal((BalanceCheck.QueuedWithoutJob, 2, 1), (difference.Kind, difference.Expected, difference.Found));
        Assert.Equal([lost], difference.Messages);
        Assert.Contains($"msg_{lost:N}", Assert.Single(await Alerts()).Detail, StringComparison.Ordinal);

        await queue.Execute("insert into jobs (channel, id, lane, run_at) values ('sms', @lost, 1, now())", new { lost });
        Assert.Empty(await Check());
        Assert.Empty(await Alerts());
    }

    [Fact]
    public async Task A_job_without_a_message_is_told_with_its_id()
    {
        var stray = Guid.CreateVersion7();
        await queue.Execute("insert into jobs (channel, id, lane, run_at) values ('sms', @stray, 1, now())", new { stray });

        var difference = Assert.Single(await Check());

        Assert.Equal(BalanceCheck.JobWithoutMessage, difference.Kind);
        Assert.Equal([stray], difference.Messages);
    }

    [Fact]
    public async Task A_row_that_vanished_and_a_count_that_was_changed_are_found_by_counting_again()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Sent(job));
        await queue.Rollup.RunOnceAsync(CancellationToken.None);
        Assert.Empty(await Check());

        await queue.Execute("delete from messages where id = @Id", new { job.Id });

        var drift = Assert.Single(await Check());
        Assert.Equal((BalanceCheck.CounterDrift, 1, 0), (drift.Kind, drift.Expected, drift.Found));
        await queue.Execute("update message_counts set count = 0 where status = 'sent'", new { });
        Assert.Equal(BalanceCheck.Unbalanced, Assert.Single(await Check()).Kind);
        await queue.Execute("update message_counts set accepted = 0", new { });
        Assert.Empty(await Check());
        Assert.Empty(await Alerts());
    }

    [Fact]
    public async Task One_node_a_minute_does_the_check()
    {
        await queue.GivenMessage();
        await queue.Execute("delete from jobs", new { });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => queue.BalanceSweep.RunOnceAsync(CancellationToken.None)));
        var first = Assert.Single(await Alerts()).LastSeen;
        await queue.BalanceSweep.RunOnceAsync(CancellationToken.None);

        Assert.Equal(first, Assert.Single(await Alerts()).LastSeen);
    }

    [Fact]
    public async Task The_figures_of_a_lane_are_those_of_its_rows()
    {
        var later = TimeProvider.System.GetUtcNow().AddHours(1);
        await queue.GivenDead(2);
        for (var i = 0; i < 3; i++) await queue.GivenMessage(sendAt: later);
        for (var i = 0; i < 4; i++) await queue.GivenMessage();
        await queue.Claim(limits: new LaneLimits(1, 1, 1, 1, 0));
        await queue.Rollup.RunOnceAsync(CancellationToken.None);
        await queue.GivenMessage();

        var lane = (await new QueueFigures(queue.Db).ReadAsync(["email", "sms"], CancellationToken.None)).Single(one => one is { Channel: "sms", Lane: Lane.Transactional });

        Assert.Equal((4, 3, 1, 2), (lane.Ready, lane.Scheduled, lane.Leased, lane.Failed));
        Assert.InRange(lane.OldestReadySeconds ?? -1, 0, 60);
        Assert.Equal((10 / 60.0, 2 / 60.0), (lane.RateIn, lane.RateOut));
    }

    private Task<IReadOnlyList<Difference>> Check() => queue.BalanceSweep.CheckAsync(CancellationToken.None);

    private async Task<IReadOnlyList<OpenAlert>> Alerts() => (await new Balance(queue.Db).ReadAsync(CancellationToken.None)).Alerts;

    private async Task WatchAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested) Assert.Empty(await Check());
    }

    private async Task FoldAsync()
    {
        for (var i = 0; i < 50; i++) await queue.Rollup.RunOnceAsync(CancellationToken.None);
    }

    private async Task StormAsync(Channel channel, Random chance)
    {
        for (var round = 0; round < 20; round++)
        {
            var ids = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToList();
            await queue.GivenMessages(ids.ConvertAll(id => QueueFixture.New(id, channel, (Lane)chance.Next(3)) with
            {
                SuppressedBecause = chance.Next(8) == 0 ? "opted_out" : null,
            }));
            await queue.Cancellation.CancelAsync(ids[..5], CancellationToken.None);
            var jobs = await queue.Claim(channel, new LaneLimits(30, 30, 30, 30, 0));
            await queue.Write([.. jobs.Select(job => chance.Next(5) switch
            {
                0 => QueueFixture.Failed(job),
                1 => QueueFixture.Again(job),
                2 => new JobResult { Job = job, End = MessageStatus.Suppressed, Reason = "blocked" },
                _ => QueueFixture.Sent(job),
            })]);
            foreach (var job in jobs.Take(3)) await queue.Requeue.RequeueAsync(job.Id, "again", "test", null, CancellationToken.None);
        }
    }
}
