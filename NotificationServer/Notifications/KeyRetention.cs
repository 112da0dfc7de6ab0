using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Notifications;

/// Forgets event ids and idempotency keys that are older than their promise, some thousands at a time.
internal sealed class KeyRetention(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    private const int BatchSize = 5000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var events = await connection.ExecuteAsync(new CommandDefinition(
            Sql.ForgetEvents, new { keep = options.Value.EventIds, batch = BatchSize }, cancellationToken: ct));
        var keys = await connection.ExecuteAsync(new CommandDefinition(
            Sql.ForgetKeys, new { keep = options.Value.IdempotencyKeys, batch = BatchSize }, cancellationToken: ct));
        return events == BatchSize || keys == BatchSize;
    }

    internal static class Sql
    {
        public const string ForgetEvents = """
            delete from event_dedup
            where ctid = any(array(
                select ctid from event_dedup where accepted_at < now() - @keep::interval limit @batch for update skip locked))
            """;

        public const string ForgetKeys = """
            delete from idempotency_keys
            where ctid = any(array(
                select ctid from idempotency_keys where created_at < now() - @keep::interval limit @batch for update skip locked))
            """;
    }
}
