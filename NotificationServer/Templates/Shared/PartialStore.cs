using System.Text.Json;
using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Templates.Shared;

/// Partials as people edit them. Changing one changes no template: each keeps its copies until a new version of it is stored.
internal sealed class PartialStore(NpgsqlDataSource db)
{
    /// More users than anybody reads; the rest shows when these are dealt with.
    private const int MaxUses = 500;

    public async Task<PartialChange> CreateAsync(string key, string name, PartialTexts texts, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var errors = PartialRules.Check(key, name, texts, await PartialReader.TakeAsync(transaction, texts.Sources, PartialSnapshot.Empty, ct));
        if (errors.Count > 0) return PartialChange.Invalid(errors);

        var created = await connection.ExecuteAsync(
            new CommandDefinition(Sql.Create, new { key, name, texts = texts.ToJson(), actor }, transaction, cancellationToken: ct));
        if (created > 0) await AuditLog.AppendAsync(connection, TemplateDeeds.Partial("create", key, name, null, 1, actor), ct);
        await transaction.CommitAsync(ct);
        return created == 0 ? new PartialChange(PartialChangeStatus.KeyTaken) : PartialChange.Done(1);
    }

    /// A new version where a text changed; nothing if somebody else was faster.
    public async Task<PartialChange> ChangeAsync(string key, string name, PartialTexts texts, int revision, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<LockedRow>(new CommandDefinition(Sql.Lock, new { key }, transaction, cancellationToken: ct));
        if (row is null) return new PartialChange(PartialChangeStatus.NotFound);
        if (row.Revision != revision) return new PartialChange(PartialChangeStatus.Changed);

        var errors = PartialRules.Check(key, name, texts, await PartialReader.TakeAsync(transaction, texts.Sources, PartialSnapshot.Empty, ct));
        if (errors.Count > 0) return PartialChange.Invalid(errors);
        var isNew = !JsonElement.DeepEquals(JsonElement.Parse(row.Texts), JsonElement.Parse(texts.ToJson()));
        if (!isNew && row.Name == name) return PartialChange.Done(row.Latest);

        var version = isNew ? row.Latest + 1 : row.Latest;
        if (isNew)
            await connection.ExecuteAsync(new CommandDefinition(Sql.AddVersion, new { key, version, texts = texts.ToJson(), actor }, transaction, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Change, new { key, name, version }, transaction, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, TemplateDeeds.Partial("change", key, name, row.Latest, version, actor), ct);
        await transaction.CommitAsync(ct);
        return PartialChange.Done(version);
    }

    /// Refused while a published version or a newest draft of a template that is not archived uses it, or another partial does.
    public async Task<PartialChange> DeleteAsync(string key, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Who is storing a version that uses it holds the row; who comes later does not find it.
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.LockToDelete, new { key }, transaction, cancellationToken: ct)) is null)
            return new PartialChange(PartialChangeStatus.NotFound);

        var templates = await UsesAsync(connection, transaction, key, ct);
        var partials = await connection.QueryAsync<(string Key, string Texts)>(new CommandDefinition(Sql.Others, new { key }, transaction, cancellationToken: ct));
        var users = templates.Select(use => use.Template).Distinct(StringComparer.Ordinal).Concat(
            partials.Where(other => PartialTexts.FromJson(other.Texts).Sources.SelectMany(Partials.Named).Contains(key)).Select(other => $"partial {other.Key}")).ToList();
        if (users.Count > 0) return PartialChange.InUse(users);

        await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { key }, transaction, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, TemplateDeeds.Partial("delete", key, null, null, null, actor), ct);
        await transaction.CommitAsync(ct);
        return PartialChange.Done(0);
    }

    public async Task<StoredPartial?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ListedPartial, string, StoredPartial>(new CommandDefinition(Sql.Find, new { key }, cancellationToken: ct),
            (row, texts) => new StoredPartial(row, PartialTexts.FromJson(texts)), splitOn: "texts");
        return rows.SingleOrDefault();
    }

    public async Task<IReadOnlyList<PartialUse>> UsesAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await UsesAsync(connection, transaction: null, key, ct);
    }

    /// By key, those after <paramref name="after"/>.
    public async Task<IReadOnlyList<ListedPartial>> ListAsync(string? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ListedPartial>(new CommandDefinition(Sql.List, new { after = after ?? "", limit }, cancellationToken: ct))).AsList();
    }

    /// The newest first, those before <paramref name="before"/>.
    public async Task<IReadOnlyList<StoredPartialVersion>> VersionsAsync(string key, int? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(int Version, string Texts, DateTimeOffset CreatedAt, string CreatedBy)>(
            new CommandDefinition(Sql.Versions, new { key, before = before ?? int.MaxValue, limit }, cancellationToken: ct));
        return [.. rows.Select(row => new StoredPartialVersion(row.Version, PartialTexts.FromJson(row.Texts), row.CreatedAt, row.CreatedBy))];
    }

    private static async Task<IReadOnlyList<PartialUse>> UsesAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string key, CancellationToken ct) =>
        (await connection.QueryAsync<PartialUse>(new CommandDefinition(Sql.Uses, new { key, limit = MaxUses }, transaction, cancellationToken: ct))).AsList();

    private sealed record LockedRow(string Name, int Latest, int Revision, string Texts);

    internal static class Sql
    {
        public const string Create = """
            with created as (
                insert into template_partials (key, name)
                values (@key, @name)
                on conflict (key) do nothing
                returning key
            )
            insert into template_partial_versions (partial, version, texts, created_by)
            select key, 1, @texts::jsonb, @actor from created
            """;

        public const string Lock = """
            select p.name, p.latest, p.revision, v.texts::text
            from template_partials p
            join template_partial_versions v on v.partial = p.key and v.version = p.latest
            where p.key = @key
            for no key update of p
            """;

        // Shuts out those who are copying it; the lock above does not, or two partials that name each other could block each other.
        public const string LockToDelete = "select key from template_partials where key = @key for update";

        public const string AddVersion = "insert into template_partial_versions (partial, version, texts, created_by) values (@key, @version, @texts::jsonb, @actor)";

        public const string Change = "update template_partials set name = @name, latest = @version, revision = revision + 1, updated_at = now() where key = @key";

        public const string Delete = "delete from template_partials where key = @key";

        public const string Others = """
            select p.key, v.texts::text
            from template_partials p
            join template_partial_versions v on v.partial = p.key and v.version = p.latest
            where p.key <> @key and position(@key in v.texts::text) > 0
            """;

        public const string Find = """
            select p.key, p.name, p.latest, p.revision, p.created_at, p.updated_at, v.texts::text
            from template_partials p
            join template_partial_versions v on v.partial = p.key and v.version = p.latest
            where p.key = @key
            """;

        public const string List = """
            select key, name, latest, revision, created_at, updated_at
            from template_partials
            where key collate "C" > @after
            order by key collate "C"
            limit @limit
            """;

        public const string Versions = """
            select version, texts::text, created_at, created_by
            from template_partial_versions
            where partial = @key and version < @before
            order by version desc
            limit @limit
            """;

        // Of each template the version in use and the newest draft: the older ones are history.
        public const string Uses = """
            select v.template, v.version, v.version is not distinct from t.published as published, (v.partials -> @key ->> 'version')::integer as partial_version
            from template_versions v
            join templates t on t.key = v.template
            where v.partials ? @key and t.archived_at is null
                and (v.version = t.published or v.version = (select max(version) from template_versions where template = t.key))
            order by v.template collate "C", v.version
            limit @limit
            """;
    }
}
