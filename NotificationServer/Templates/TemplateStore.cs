using Dapper;
using Npgsql;

namespace NotificationServer.Templates;

/// Templates as people edit them. A version is written once and never changed; publishing moves a pointer.
internal sealed class TemplateStore(NpgsqlDataSource db, TemplateCatalog catalog)
{
    /// The first version is published at once: a template that nobody can use is of no use.
    public async Task<TemplateChange> CreateAsync(string key, string name, string? category, TemplateParts parts, string actor, CancellationToken ct)
    {
        var errors = TemplateRules.Check(key, name, parts);
        await using var connection = await db.OpenConnectionAsync(ct);
        if (category is not null && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.CategoryExists, new { category }, cancellationToken: ct)))
            errors.Add(new("/category", "unknown_category", "there is no such category"));
        if (errors.Count > 0) return TemplateChange.Invalid(errors);

        var created = await connection.ExecuteAsync(
            new CommandDefinition(Sql.Create, new { key, name, category, parts = parts.ToJson(), actor }, cancellationToken: ct));
        catalog.Forget(key);
        return created == 0 ? TemplateChange.KeyTaken : TemplateChange.Done(1);
    }

    /// Adds a draft. It is used when it is published, not before.
    public async Task<TemplateChange> AddVersionAsync(string key, TemplateParts parts, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two who add at once take turns, so that each gets a number of its own.
        var locked = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.Lock, new { key }, transaction, cancellationToken: ct));
        if (locked is null) return TemplateChange.NotFound;

        var errors = TemplateRules.Check(parts);
        if (errors.Count > 0) return TemplateChange.Invalid(errors);

        var version = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Sql.AddVersion, new { key, parts = parts.ToJson(), actor }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return TemplateChange.Done(version);
    }

    /// Null version: the latest. Publishing an older one is how a mistake is taken back.
    public async Task<TemplateChange> PublishAsync(string key, int? version, CancellationToken ct)
    {
        if (await FindAsync(key, ct) is not { } template) return TemplateChange.NotFound;
        if (await FindVersionAsync(key, version ?? template.Latest, ct) is not { } chosen) return TemplateChange.NotFound;
        // It may have been stored when the rules were looser.
        if (TemplateRules.Check(chosen.Parts) is { Count: > 0 } errors) return TemplateChange.Invalid(errors);

        await using var connection = await db.OpenConnectionAsync(ct);
        var moved = await connection.ExecuteAsync(new CommandDefinition(Sql.Publish, new { key, version = chosen.Version }, cancellationToken: ct));
        catalog.Forget(key);
        return moved == 0 ? TemplateChange.NotFound : TemplateChange.Done(chosen.Version);
    }

    public async Task<StoredTemplate?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredTemplate>(new CommandDefinition(Sql.Find, new { key }, cancellationToken: ct));
    }

    public async Task<StoredVersion?> FindVersionAsync(string key, int version, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<VersionRow>(new CommandDefinition(Sql.FindVersion, new { key, version }, cancellationToken: ct));
        return row is null ? null : new StoredVersion(key, version, row.Published, TemplateParts.FromJson(row.Parts), row.CreatedAt, row.CreatedBy);
    }

    /// By key, those after <paramref name="after"/>.
    public async Task<IReadOnlyList<StoredTemplate>> ListAsync(string? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<StoredTemplate>(new CommandDefinition(Sql.List, new { after = after ?? "", limit }, cancellationToken: ct));
        return rows.AsList();
    }

    private sealed record VersionRow
    {
        public required bool Published { get; init; }
        public required string Parts { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string CreatedBy { get; init; }
    }

    internal static class Sql
    {
        public const string CategoryExists = "select exists (select from categories where key = @category)";

        public const string Create = """
            with created as (
                insert into templates (key, name, category, published)
                values (@key, @name, @category, 1)
                on conflict (key) do nothing
                returning key
            )
            insert into template_versions (template, version, parts, created_by)
            select key, 1, @parts::jsonb, @actor from created
            """;

        public const string Lock = "select key from templates where key = @key for update";

        public const string AddVersion = """
            insert into template_versions (template, version, parts, created_by)
            select @key, coalesce(max(version), 0) + 1, @parts::jsonb, @actor
            from template_versions
            where template = @key
            returning version
            """;

        public const string Publish = """
            update templates
            set published = @version, updated_at = now()
            where key = @key and exists (select from template_versions where template = @key and version = @version)
            """;

        public const string Find = """
            select key, name, category, published, created_at, updated_at,
                (select max(version) from template_versions where template = key) as latest
            from templates
            where key = @key
            """;

        public const string FindVersion = """
            select v.parts::text as parts, v.created_at, v.created_by, v.version is not distinct from t.published as published
            from template_versions v
            join templates t on t.key = v.template
            where v.template = @key and v.version = @version
            """;

        // In byte order, whatever the database's collation, so that pages are the same everywhere and the index order is not assumed.
        public const string List = """
            select key, name, category, published, created_at, updated_at,
                (select max(version) from template_versions where template = key) as latest
            from templates
            where key collate "C" > @after
            order by key collate "C"
            limit @limit
            """;
    }
}
