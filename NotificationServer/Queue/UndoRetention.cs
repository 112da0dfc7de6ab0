using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// What messages were before an operation decided on them, and lists before a file changed them, is kept for as long as that can be taken back.
internal sealed class UndoRetention(NpgsqlDataSource db) : ISweep
{
    private const int BatchSize = 5000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var lists = await connection.ExecuteAsync(new CommandDefinition(Sql.ForgetLists, new { batch = BatchSize }, cancellationToken: ct));
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, new { keep = Undo.Keep, batch = BatchSize }, cancellationToken: ct)) == BatchSize || lists == BatchSize;
    }

    internal static class Sql
    {
        public const string Forget = """
            delete from former_letters
            where ctid = any(array(select ctid from former_letters where at < now() - @keep::interval limit @batch for update skip locked))
            """;

        public const string ForgetLists = """
            delete from segment_changes
            where ctid = any(array(select ctid from segment_changes where change < uuid_from(now() - interval '1 day') limit @batch for update skip locked))
            """;
    }
}
