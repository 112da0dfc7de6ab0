using Dapper;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Which messages have a job of Hangfire.
internal sealed class PublishedJobs(NpgsqlDataSource db)
{
    /// Failed: its Hangfire job waits for a person, and is used again when the message is put back.
    public async Task MarkAsync(Guid message, bool failed)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Mark, new { message, failed }, cancellationToken: CancellationToken.None));
    }

    internal readonly record struct Returned(Guid MessageId, long HangfireId);

    /// Failed in Hangfire, and put back into the queue since.
    public async Task<IReadOnlyList<Returned>> ReturnedAsync(string channel, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Returned>(new CommandDefinition(Sql.Returned, new { channel }, cancellationToken: ct))];
    }

    internal static class Sql
    {
        public const string Mark = "update hangfire_jobs set failed = @failed where message_id = @message and failed <> @failed";

        public const string Returned = """
            select h.message_id, h.hangfire_id
            from hangfire_jobs h
            join jobs j on j.channel = h.channel and j.id = h.message_id
            where h.channel = @channel and h.failed and j.state = 0
            limit 500
            """;
    }
}
