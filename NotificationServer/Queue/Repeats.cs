using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Looks whether a message was accepted more than once. Asked only about those of which that can be: where an earlier attempt's end was
/// unknown, or a lease was lost.
internal sealed class Repeats(NpgsqlDataSource db)
{
    public async Task<int> CountAsync(IReadOnlyCollection<Guid> messages, CancellationToken ct)
    {
        if (messages.Count == 0) return 0;
        var range = IdRange.SiblingsOf(messages);
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.AcceptedTwice, new { ids = messages.ToArray(), range.From, range.Below }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string AcceptedTwice = """
            select count(*)::integer
            from (
                select from attempts
                where message_id = any(@ids::uuid[]) and message_id >= @from and message_id < @below and outcome = 'accepted'
                group by message_id
                having count(*) > 1
            ) as twice
            """;
    }
}
