using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Notifications;

/// Reads a notification back as its first answer named it.
internal static class StoredNotification
{
    public static async Task<AcceptedNotification> ReadAsync(NpgsqlConnection connection, Guid id, int recipients, CancellationToken ct)
    {
        var range = IdRange.SiblingsOf(id);
        var rows = await connection.QueryAsync<AcceptedMessage>(new CommandDefinition(Sql.Messages, new
        {
            id,
            range.From,
            range.Below,
        }, cancellationToken: ct));
        return new AcceptedNotification(id, PrefixedId.InstantOf(id), recipients, rows.AsList()) { Deduplicated = true };
    }

    internal static class Sql
    {
        public const string Messages = """
            select id, user_id, channel, delivery_status, reason
            from message_states
            where notification_id = @id and id >= @from and id < @below
            order by id
            """;
    }
}
