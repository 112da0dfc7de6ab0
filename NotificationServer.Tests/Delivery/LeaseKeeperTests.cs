using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Tests.Queue;

namespace NotificationServer.Tests.Delivery;

public sealed class LeaseKeeperTests : IClassFixture<QueueFixture>, IDisposable
{
    private readonly QueueFixture queue;
    private readonly HeldJobs held = new();
    private readonly LeaseKeeper keeper;
    private readonly LeaseGuard guard;

    public LeaseKeeperTests(QueueFixture queue)
    {
        this.queue = queue;
        keeper = new LeaseKeeper(held, queue.Claims, queue.Db, Options.Create(new QueueOptions()), TimeProvider.System, NullLogger<LeaseKeeper>.Instance);
        guard = new LeaseGuard(held, Options.Create(new QueueOptions()), Options.Create(new ChannelsOptions()));
    }

    public void Dispose() => keeper.Dispose();

    [Fact]
    public async Task A_job_that_is_worked_on_keeps_its_lease()
    {
        var job = await GivenHeldFor(TimeSpan.FromSeconds(45));
        await queue.Execute("update jobs set lease_until = now() + interval '15 seconds' where id = @Id", new { job.Id });
        Assert.False(guard.OutlivesACall(job, Channel.Sms));

        Assert.Equal(0, await keeper.BeatAsync(CancellationToken.None));

        Assert.InRange(await queue.Query<double>("select extract(epoch from lease_until - now())::float8 from jobs where id = @Id", new { job.Id }), 55, 60);
        Assert.True(guard.OutlivesACall(job, Channel.Sms));
    }

    [Fact]
    public async Task A_job_that_was_taken_from_us_is_not_started_any_more()
    {
        var job = await GivenHeldFor(TimeSpan.FromSeconds(20));
        Assert.True(guard.OutlivesACall(job, Channel.Sms));
        await queue.LoseLease(job.Id);
        await queue.Rescuer.RunOnceAsync(CancellationToken.None);

        Assert.Equal(1, await keeper.BeatAsync(CancellationToken.None));

        Assert.False(guard.OutlivesACall(job, Channel.Sms));
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_not_revived()
    {
        var job = await GivenHeldFor(TimeSpan.FromSeconds(30));
        await queue.LoseLease(job.Id);

        Assert.Equal(1, await keeper.BeatAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_job_claimed_a_moment_ago_costs_no_write()
    {
        var job = await GivenHeldFor(TimeSpan.Zero);
        var before = await queue.Query<DateTime>("select lease_until from jobs where id = @Id", new { job.Id });

        await keeper.BeatAsync(CancellationToken.None);

        Assert.Equal(before, await queue.Query<DateTime>("select lease_until from jobs where id = @Id", new { job.Id }));
    }

    private async Task<Job> GivenHeldFor(TimeSpan age)
    {
        var job = await queue.GivenRunning();
        var old = job with { ClaimStarted = job.ClaimStarted - (long)(age.TotalSeconds * System.Diagnostics.Stopwatch.Frequency) };
        held.Add(old);
        return old;
    }
}
