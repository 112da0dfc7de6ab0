using Dapper;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Reads where messages are.
internal sealed class MessageStates(NpgsqlDataSource db)
{
    public async Task<MessageState> ReadAsync(Guid message) =>
        (await ReadAsync([message], CancellationToken.None)).SingleOrDefault() ?? new MessageState { Id = message, Now = default };

    public async Task<IReadOnlyList<MessageState>> ReadAsync(Guid[] ids, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<MessageState>(new CommandDefinition(Sql.Read, new { ids }, cancellationToken: ct))];
    }

    internal static class Sql
    {
        public const string Read = """
            select m.id, m.status, m.channel, m.lane, m.reason, coalesce(m.error_detail, m.error_code) as last_error,
                j.state as job, j.run_at, j.lease_until, d.message_id is not null as is_dead, now() as now
            from messages m
            left join jobs j on j.channel = m.channel and j.id = m.id
            left join dead_letters d on d.message_id = m.id
            where m.id = any(@ids::uuid[])
            """;
    }
}
