using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Notifications;

/// Reads a notification back as its first answer named it.
internal static class StoredNotification
{
    public static async Task<AcceptedNotification> ReadAsync(NpgsqlConnection connection, Guid id, int recipients, CancellationToken ct)
    {
        // The messages were given their ids in the same millisecond as the notification: that names their partition.
        var instant = PrefixedId.InstantOf(id);
        var rows = await connection.QueryAsync<AcceptedMessage>(new CommandDefinition(Sql.Messages, new
        {
            id,
            from = PrefixedId.SmallestAt(instant),
            below = PrefixedId.SmallestAt(instant.AddMilliseconds(1)),
        }, cancellationToken: ct));
        return new AcceptedNotification(id, instant, recipients, rows.AsList()) { Deduplicated = true };
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
