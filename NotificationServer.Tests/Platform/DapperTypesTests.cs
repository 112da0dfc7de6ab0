using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

public sealed class DapperTypesTests(Database db) : IClassFixture<Database>
{
    private sealed record Row(DateTimeOffset SentAt, DateTimeOffset? ExpiresAt, Guid MessageId);

    private static readonly DateTimeOffset InTokyo = new(2026, 3, 1, 9, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public async Task Instants_and_snake_case_columns_map_to_records()
    {
        await using var connection = await db.Source.OpenConnectionAsync();

        var row = await connection.QuerySingleAsync<Row>(
            "select @at::timestamptz as sent_at, null::timestamptz as expires_at, '00000000-0000-0000-0000-000000000001'::uuid as message_id",
            new { at = InTokyo });

        Assert.Equal(InTokyo, row.SentAt);
        Assert.Equal(TimeSpan.Zero, row.SentAt.Offset);
        Assert.Null(row.ExpiresAt);
    }

    [Fact]
    public async Task Missing_instants_are_null()
    {
        await using var connection = await db.Source.OpenConnectionAsync();

        Assert.True(await connection.ExecuteScalarAsync<bool>("select @at::timestamptz is null", new { at = (DateTimeOffset?)null }));
        Assert.Equal(InTokyo, await connection.ExecuteScalarAsync<DateTimeOffset>("select @at::timestamptz", new { at = (DateTimeOffset?)InTokyo }));
    }

    [Fact]
    public async Task Every_session_has_limits()
    {
        await using var connection = await db.Source.OpenConnectionAsync();

        var limits = await connection.QuerySingleAsync<(string, string, string, string)>(
            "select current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('jit')");

        Assert.Equal(("3s", "10s", "15s", "off"), limits);
    }
}
