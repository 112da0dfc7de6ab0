using Dapper;
using Npgsql;

namespace NotificationServer.Platform.Health;

/// A standby, and a database that somebody has set to read-only, answer as willingly as any other.
internal sealed class DatabaseTakesWrites(NpgsqlDataSource db) : IReadinessCheck
{
    public string Name => "database";

    public async Task<ReadinessResult> AskAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.TakesWrites, cancellationToken: ct))
                ? ReadinessResult.Fine("writable")
                : ReadinessResult.Wrong("read_only");
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return ReadinessResult.Wrong("unreachable"); // the pool has logged why
        }
    }

    internal static class Sql
    {
        public const string TakesWrites = "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";
    }
}
