using Dapper;
using Npgsql;

namespace NotificationServer.Templates;

/// Status: published, draft (nothing published yet) or archived; null: all but the archived. Text: part of the key or the name.
internal sealed record TemplateFilter(string? Category = null, string? Status = null, string? Text = null);

/// A version in a list: what it has words for, not the words.
internal sealed record ListedVersion
{
    public required int Version { get; init; }
    public required bool Published { get; init; }
    public required string[] Channels { get; init; }
    public required string[] Locales { get; init; }
    public int? RestoredFrom { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
}

internal sealed class TemplateList(NpgsqlDataSource db)
{
    /// By key, those after <paramref name="after"/>.
    public async Task<IReadOnlyList<StoredTemplate>> ListAsync(TemplateFilter filter, string? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<StoredTemplate>(
            new CommandDefinition(Sql.List, new { filter.Category, filter.Status, filter.Text, after = after ?? "", limit }, cancellationToken: ct));
        return rows.AsList();
    }

    /// The newest first, those before <paramref name="before"/>.
    public async Task<IReadOnlyList<ListedVersion>> VersionsAsync(string key, int? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ListedVersion>(
            new CommandDefinition(Sql.Versions, new { key, before = before ?? int.MaxValue, limit }, cancellationToken: ct));
        return rows.AsList();
    }

    internal static class Sql
    {
        // In byte order, whatever the database's collation, so that pages are the same everywhere and the index order is not assumed.
        public const string List = """
            select t.key, t.name, t.category, c.class, t.published, t.revision, t.created_at, t.updated_at, t.updated_by, t.archived_at,
                (select max(version) from template_versions where template = t.key) as latest
            from templates t
            left join categories c on c.key = t.category
            where t.key collate "C" > @after
                and (@category::text is null or t.category = @category)
                and case coalesce(@status::text, '')
                    when 'archived' then t.archived_at is not null
                    when 'published' then t.archived_at is null and t.published is not null
                    when 'draft' then t.archived_at is null and t.published is null
                    else t.archived_at is null
                end
                and (@text::text is null or position(lower(@text) in lower(t.key || ' ' || t.name)) > 0)
            order by t.key collate "C"
            limit @limit
            """;

        public const string Versions = """
            select v.version, v.version is not distinct from t.published as published, v.restored_from, v.created_at, v.created_by,
                array(select name from unnest(array['push', 'sms', 'email']) as name where v.parts ? name) as channels,
                array(select locale from jsonb_object_keys(coalesce(v.parts -> 'locales', '{}')) as locale order by 1) as locales
            from template_versions v
            join templates t on t.key = v.template
            where v.template = @key and v.version < @before
            order by v.version desc
            limit @limit
            """;
    }
}
