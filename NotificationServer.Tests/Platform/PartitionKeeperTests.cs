using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

public sealed class PartitionKeeperTests(Database db) : IClassFixture<Database>
{
    private readonly PartitionKeeper keeper = new(db.Source, new ChoreBook(db.Source, TimeProvider.System), NullLogger<PartitionKeeper>.Instance);

    [Fact]
    public async Task Missing_days_are_made_once()
    {
        await keeper.RunOnceAsync(default); // a day may have ended since the database was made
        await using var connection = await db.Source.OpenConnectionAsync();
        var tomorrow = await connection.ExecuteScalarAsync<string>("select 'messages_' || to_char((now() at time zone 'UTC')::date + 1, 'YYYYMMDD')");
        await connection.ExecuteAsync($"drop table {tomorrow}");

        Assert.Equal(1, await keeper.RunOnceAsync(default));
        Assert.Equal(0, await keeper.RunOnceAsync(default));
        Assert.True(await connection.ExecuteScalarAsync<bool>("select to_regclass(@tomorrow) is not null", new { tomorrow }));
    }

    [Fact]
    public async Task While_one_node_makes_them_the_others_leave_it_alone()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(PartitionKeeper.Sql.Create);
        await connection.ExecuteAsync("drop table attempts_" + await connection.ExecuteScalarAsync<string>("select to_char((now() at time zone 'UTC')::date + 2, 'YYYYMMDD')"));

        Assert.Equal(0, await keeper.RunOnceAsync(default));
    }
}
