using NotificationServer.Benchmarks.Parts;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Benchmarks;

/// One tiny run of the machinery: what it fills the queue with is what the server takes out of it.
public sealed class RigTests
{
    [Fact]
    public async Task Copied_messages_of_all_channels_are_sent_by_the_servers_own_workers_once_each()
    {
        await using var rig = await Rig.StartAsync(quick: true, PostgresServer.AdminConnectionString, CancellationToken.None);
        await using var arena = await rig.ArenaAsync("tiny", CancellationToken.None);
        await Load.StoreAsync(arena, 50, finished: false, CancellationToken.None);
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: true, TimeSpan.Zero, CancellationToken.None);

        await Load.ReleaseAsync(arena, Lane.Transactional, CancellationToken.None);
        await arena.UntilDrainedAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        Assert.Equal(50, node.Provider.Calls);
        Assert.Equal(50, await arena.AskAsync<long>("select count(*) from messages where status = 'sent' and provider = 'benchmark'", CancellationToken.None));
        Assert.Equal(5, await arena.AskAsync<long>("select count(distinct channel) from attempts", CancellationToken.None));
    }
}
