using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace NotificationServer.Channels.Inbox;

internal sealed class InboxStore(NpgsqlDataSource db)
{
    /// Newest first. <c>beforeId</c> is the last id of the page before; null for the first page.
    public async Task<IReadOnlyList<InboxRow>> ListAsync(int limit, Guid? beforeId, Channel? channel, string? address, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var filter = new { limit, before = beforeId, channel = channel?.Name(), address };
        return (await connection.QueryAsync<InboxRow>(new CommandDefinition(Sql.List, filter, cancellationToken: ct))).AsList();
    }

    public async Task<InboxRow?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<InboxRow>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    /// All of them or none, in one statement: when it returns they are committed.
    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<InboxRow> rows, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(Sql.Insert, connection);
        insert.Parameters.Add(new NpgsqlParameter<Guid[]>("id", Column(rows, static row => row.Id)));
        insert.Parameters.Add(new NpgsqlParameter<Guid[]>("message_id", Column(rows, static row => row.MessageId)));
        Add(insert, "channel", rows, static row => row.Channel);
        Add(insert, "address", rows, static row => row.Address);
        Add(insert, "title", rows, static row => row.Title);
        Add(insert, "subject", rows, static row => row.Subject);
        Add(insert, "text", rows, static row => row.Text);
        Add(insert, "html", rows, static row => row.Html);
        Add(insert, "payload", rows, static row => row.Payload);
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// Deletes the oldest beyond <c>keep</c>, so many at most.
    public async Task<int> TrimAsync(int keep, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Trim, new { keep, most }, cancellationToken: ct));
    }

    private static void Add(NpgsqlCommand insert, string name, IReadOnlyList<InboxRow> rows, Func<InboxRow, string?> of) =>
        insert.Parameters.Add(new NpgsqlParameter<string?[]>(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = Column(rows, of) });

    private static T[] Column<T>(IReadOnlyList<InboxRow> rows, Func<InboxRow, T> of)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = of(rows[i]);
        return column;
    }

    internal static class Sql
    {
        public const string Insert = """
            insert into inbox (id, message_id, channel, address, title, subject, text, html, payload)
            select id, message_id, channel, address, title, subject, text, html, payload::json
            from unnest(@id::uuid[], @message_id::uuid[], @channel::text[], @address::text[], @title::text[],
                        @subject::text[], @text::text[], @html::text[], @payload::text[])
                as sent (id, message_id, channel, address, title, subject, text, html, payload)
            """;

        public const string List = """
            select id, message_id as MessageId, channel, address, title, subject, text, html, payload::text as payload, received_at as ReceivedAt
            from inbox
            where (@before::uuid is null or id < @before)
              and (@channel::text is null or channel = @channel)
              and (@address::text is null or address = @address)
            order by id desc
            limit @limit
            """;

        public const string Find = """
            select id, message_id as MessageId, channel, address, title, subject, text, html, payload::text as payload, received_at as ReceivedAt
            from inbox
            where id = @id
            """;

        public const string Trim = """
            with newest_to_go as materialized (
                select id
                from inbox
                order by id desc
                offset @keep
                limit 1
            )
            delete from inbox
            where id in (
                select id
                from inbox
                where id <= (select id from newest_to_go)
                order by id
                limit @most
            )
            """;
    }
}
