using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue;

/// What a restored database gives out, and what becomes of what was queued in it.
public sealed class SetAsideTests : IAsyncLifetime
{
    private static readonly LaneLimits Everything = new(1000, 1000, 1000, 1000, 0);

    private readonly QueueFixture queue = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-set-aside-");

    public Task InitializeAsync() => queue.InitializeAsync();

    public async Task DisposeAsync()
    {
        await queue.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// Two seconds pass until the guard looks again: nothing may leave in them either.
    [Fact]
    public async Task A_restored_database_gives_nothing_out_even_before_anybody_has_noticed()
    {
        var guard = await GuardAsync();
        var claims = new JobClaims(queue.Db, new NodeIdentity(), Options.Create(new QueueOptions()), guard);
        await queue.GivenMessage();
        Assert.Single(await claims.ClaimAsync("sms", Everything, default));

        await queue.GivenMessage();
        await RestoreAsync();
        Assert.True(guard.MaySend);
        Assert.Empty(await claims.ClaimAsync("sms", Everything, default));

        await guard.LookAsync(default);
        Assert.Empty(await claims.ClaimAsync("sms", Everything, default));
        await new InstanceStore(queue.Db, NullLogger<InstanceStore>.Instance).ConfirmAsync(setAside: false, "go on", "test", default);
        await guard.LookAsync(default);
        Assert.NotEmpty(await claims.ClaimAsync("sms", Everything, default));
    }

    [Fact]
    public async Task What_may_have_been_sent_waits_for_a_person_and_the_rest_is_sent()
    {
        var guard = await GuardAsync();
        var (ready, later) = (await queue.GivenMessage(), await queue.GivenMessage(sendAt: TimeProvider.System.GetUtcNow().AddHours(1)));
        var running = await queue.GivenRunning(Channel.Email);
        await RestoreAsync();
        await guard.LookAsync(default);
        await queue.Execute("update instance set copy_at = now()", new { });
        var since = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMinutes(1)); // accepted after the restore
        await queue.GivenMessages([QueueFixture.New(since)]);
        var sweep = new SetAside(queue.Db, NullLogger<SetAside>.Instance);

        var campaign = await queue.Db.GivenCampaignAsync("Spring", phase: "sending");
        await queue.Execute("update campaign_runs set occurrence = now() - interval '1 hour'", new { });
        Assert.False(await sweep.RunOnceAsync(default));
        Assert.Equal(2, await sweep.CountAsync(100, default));
        await new InstanceStore(queue.Db, NullLogger<InstanceStore>.Instance).ConfirmAsync(setAside: true, "look first", "test", default);
        Assert.True(guard.IsHeld);
        await new RestoredRuns(queue.Db).RunOnceAsync(default); // first of all what would go on by itself
        Assert.True(await queue.Query<bool>("select r.paused_at is not null and c.status = 'paused' from campaign_runs r join campaigns c on c.id = r.campaign_id where r.id = @Run", campaign));
        Assert.False(await sweep.RunOnceAsync(default)); // not before every node has seen it
        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(ready));
        await queue.Execute("update campaign_runs set paused_at = now() - interval '1 minute'", new { });
        while (await sweep.RunOnceAsync(default))
        {
        }

        Assert.Equal(
            [MessageStatus.Failed, MessageStatus.Failed, MessageStatus.Queued, MessageStatus.Queued],
            [await queue.StatusOf(ready), await queue.StatusOf(running.Id), await queue.StatusOf(later), await queue.StatusOf(since)]);
        Assert.Equal(2, await queue.Query<int>("select count(*) from dead_letters where error_code = 'restored' and may_have_been_sent", new { }));
        Assert.Equal(["unknown"], await queue.OutcomesOf(running.Id));
        await guard.LookAsync(default);
        Assert.True(guard.MaySend);
    }

    private async Task<RestoreGuard> GuardAsync()
    {
        var guard = new RestoreGuard(
            new InstanceStore(queue.Db, NullLogger<InstanceStore>.Instance),
            new InstanceMemory(new DataDirectory(folder.FullName), NullLogger<InstanceMemory>.Instance),
            Options.Create(new RestoreOptions()), TimeProvider.System, NullLogger<RestoreGuard>.Instance);
        await guard.LookAsync(default);
        return guard;
    }

    private Task RestoreAsync() => queue.Execute(
        "update instance_witnesses set count = greatest(0, count - 150), at = at - interval '5 minutes', began_at = began_at - interval '5 minutes'", new { });
}
