using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Receipts leave with the day of their message. Those of no message of ours belong to no day: they leave by age.
internal sealed class ReceiptRetention(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    private const int BatchSize = 5000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            new CommandDefinition(Sql.Forget, new { keep = options.Value.Receipts, batch = BatchSize }, cancellationToken: ct)) == BatchSize;
    }

    internal static class Sql
    {
        public const string Forget = """
            delete from receipts
            where message_id = '00000000-0000-0000-0000-000000000000' and key = any(array(
                select key from receipts
                where message_id = '00000000-0000-0000-0000-000000000000' and received_at < now() - @keep::interval
                limit @batch for update skip locked))
            """;
    }
}
