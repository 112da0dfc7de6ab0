using Dapper;
using NotificationServer.Recipients.Links;
using Npgsql;

namespace NotificationServer.Delivery.Links;

/// Keeps where the short links of texts lead. Stored before the text is sent, with one statement a text that has links: a link that
/// leads nowhere must not go out.
internal sealed class ShortLinks(NpgsqlDataSource db, TrackedLinks links)
{
    /// By destination. One that is not there could not be had, and is sent as it is.
    public async Task<IReadOnlyDictionary<string, string>> MakeAsync(Guid message, IReadOnlyCollection<string> destinations, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var tokens = destinations.Select(destination => links.ShortToken(message, destination)).ToArray();
        var rows = await connection.QueryAsync<(string Destination, string Token)>(
            new CommandDefinition(Sql.Keep, new { message, tokens, destinations = destinations.ToArray() }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Destination, row => row.Token, StringComparer.Ordinal);
    }

    internal static class Sql
    {
        // Said again by a second try. A token that is another link's already is left to it.
        public const string Keep = """
            insert into short_links as s (token, message_id, destination)
            select token, @message, destination
            from unnest(@tokens::text[], @destinations::text[]) as l(token, destination)
            order by token
            on conflict (token) do update set destination = excluded.destination
            where s.message_id = excluded.message_id and s.destination = excluded.destination
            returning destination, token
            """;
    }
}
