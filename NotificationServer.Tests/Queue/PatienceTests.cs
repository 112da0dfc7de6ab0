using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using NotificationServer.Tests.Delivery.Gates;
using Npgsql;

namespace NotificationServer.Tests.Queue;

public sealed class PatienceTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static readonly TimeSpan HalfALease = new QueueOptions().Lease / 2;

    private readonly HandClock clock = new();

    [Fact]
    public async Task A_node_that_has_just_started_judges_no_lease_for_half_a_lease()
    {
        var patience = new Patience(queue.Db, Options.Create(new QueueOptions()), clock);
        Assert.False(await patience.IsOverAsync(CancellationToken.None));
        clock.Pass(HalfALease - TimeSpan.FromSeconds(1));
        Assert.False(await patience.IsOverAsync(CancellationToken.None));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(await patience.IsOverAsync(CancellationToken.None));
    }

    [Fact]
    public async Task While_nobody_can_reach_the_jobs_it_begins_again()
    {
        var patience = await GivenOverAsync();
        await using (var locker = await queue.Db.OpenConnectionAsync())
        {
            await using var transaction = await locker.BeginTransactionAsync();
            await locker.ExecuteAsync("lock table jobs in access exclusive mode");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => patience.IsOverAsync(CancellationToken.None));
        }

        Assert.False(await patience.IsOverAsync(CancellationToken.None));
        clock.Pass(HalfALease);
        Assert.True(await patience.IsOverAsync(CancellationToken.None));
    }

    [Fact]
    public async Task After_a_write_that_was_refused_it_begins_again()
    {
        var patience = await GivenOverAsync();
        patience.BeginAgain();

        Assert.False(await patience.IsOverAsync(CancellationToken.None));
    }

    private async Task<Patience> GivenOverAsync()
    {
        var patience = new Patience(queue.Db, Options.Create(new QueueOptions()), clock);
        await patience.IsOverAsync(CancellationToken.None);
        clock.Pass(HalfALease);
        Assert.True(await patience.IsOverAsync(CancellationToken.None));
        return patience;
    }
}
