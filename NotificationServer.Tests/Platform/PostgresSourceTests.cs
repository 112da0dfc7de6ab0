using Dapper;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// A server and its standbys in one connection string.
public sealed class PostgresSourceTests(Database db) : IClassFixture<Database>
{
    [Theory]
    [InlineData("")]
    [InlineData(";Target Session Attributes=read-write")]
    [InlineData(";Target Session Attributes=primary")]
    public async Task Of_several_hosts_the_one_that_takes_writes_is_used(string wish)
    {
        await using var source = PostgresSource.Create(Row() + wish, new DatabaseOptions());
        await using var connection = await source.OpenConnectionAsync();

        Assert.True(await connection.ExecuteScalarAsync<bool>("select not pg_is_in_recovery() and current_setting('lock_timeout') = '3s'"));
    }

    [Fact]
    public async Task One_that_takes_no_writes_is_not_used()
    {
        await using var readOnly = PostgresSource.Create($"{Row()};Options=-c default_transaction_read_only=on", new DatabaseOptions());

        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await readOnly.OpenConnectionAsync());
    }

    /// Nobody listens at the first.
    private string Row()
    {
        var one = new NpgsqlConnectionStringBuilder(db.ConnectionString);
        one.Host = $"127.0.0.1:1,{one.Host}:{one.Port}";
        return one.ConnectionString;
    }
}
