using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// Where reports are read. What stands for a replica here is the database itself under another name: it refuses writes all the same.
public sealed class ReportsDatabaseTests(Database db) : IClassFixture<Database>
{
    [Fact]
    public async Task Without_a_replica_reports_are_read_from_the_database_itself()
    {
        await using var reports = Reports(null);
        await using var connection = await reports.OpenConnectionAsync(default);

        Assert.Equal("notification-server", await connection.ExecuteScalarAsync<string>("show application_name"));
    }

    [Fact]
    public async Task A_replica_is_read_from_and_cannot_be_written_to()
    {
        await using var reports = Reports($"{db.ConnectionString};Application Name=reports");
        await using var connection = await reports.OpenConnectionAsync(default);

        Assert.Equal("reports", await connection.ExecuteScalarAsync<string>("show application_name"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from messages"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    [Fact]
    public async Task A_replica_that_is_away_holds_nothing_up()
    {
        await using var reports = Reports("Host=127.0.0.1;Port=1;Username=nobody");
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await reports.OpenConnectionAsync(default);
            Assert.Equal("notification-server", await connection.ExecuteScalarAsync<string>("show application_name"));
        }
    }

    private ReportsDatabase Reports(string? replica) => new(
        db.Source, new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Reports", replica)]).Build(),
        Options.Create(new DatabaseOptions()), TimeProvider.System, NullLogger<ReportsDatabase>.Instance);
}
