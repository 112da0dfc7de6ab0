using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Ends messages whose time passed while they waited (a closed gate, a retry, a late node). A worker that claims an expired
/// message ends it as well; this is for those that are not due.
internal sealed class Expirer(NpgsqlDataSource db) : ISweep
{
    private const int BatchSize = 1000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var expired = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Sql.Expire, new { batch = BatchSize }, cancellationToken: ct));
        return expired == BatchSize;
    }

    internal static class Sql
    {
        public const string Expire = """
            with late as materialized (
                select channel, id
                from jobs
                where state = 0 and expires_at <= now() and kind = 1
                order by expires_at limit @batch for update skip locked
            ), ended as (
                delete from jobs j using late
                where j.channel = late.channel and j.id = late.id and j.state = 0
                returning j.id
            ), told as (
                update messages m
                set status = 'expired', reason = 'It was still waiting when its time was over.', updated_at = now()
                from ended
                where m.id = ended.id and m.status = 'queued'
            )
            select count(*)::integer from ended
            """;
    }
}
