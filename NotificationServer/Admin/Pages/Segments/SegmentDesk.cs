using Dapper;
using Npgsql;

namespace NotificationServer.Admin.Pages.Segments;

/// What the rule builder offers to choose from.
internal sealed class SegmentDesk(NpgsqlDataSource db)
{
    internal sealed record Choice(string Key, string Name);

    internal sealed record Choices(IReadOnlyList<Choice> Lists, IReadOnlyList<Choice> Categories, IReadOnlyList<Choice> Templates, IReadOnlyList<string> Attributes);

    public static readonly Choices None = new([], [], [], []);

    public async Task<Choices> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(Sql.Read, cancellationToken: ct));
        return new Choices((await rows.ReadAsync<Choice>()).AsList(), (await rows.ReadAsync<Choice>()).AsList(), (await rows.ReadAsync<Choice>()).AsList(), (await rows.ReadAsync<string>()).AsList());
    }

    internal static class Sql
    {
        // Attributes: those of the newest, which services set today.
        public const string Read = """
            select 'seg_' || replace(id::text, '-', '') as key, name from segments where kind = 'list' and archived_at is null order by lower(name) limit 200;

            select key, name from categories order by name, key limit 200;

            select key, name from templates where archived_at is null order by lower(name), key limit 500;

            select distinct name
            from (select attributes from users order by created_at desc, id desc limit 200) newest, jsonb_object_keys(attributes) as name
            order by name
            limit 100
            """;
    }
}
