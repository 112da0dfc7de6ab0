using System.Text.Json;
using Dapper;
using NotificationServer.Templates.Shared;
using Npgsql;

namespace NotificationServer.Templates.Versions;

/// Writes versions inside a transaction of the caller's, who holds the template's row: two who add at once take turns, so that each
/// gets a number of its own.
internal static class VersionWriter
{
    public static async Task<int> AddAsync(
        NpgsqlTransaction transaction, string key, VersionSource source, PartialSnapshot partials, int? restoredFrom, string actor, CancellationToken ct)
    {
        var values = new
        {
            key,
            parts = source.Parts.ToJson(),
            schema = Text(source.VariablesSchema),
            sample = Text(source.SampleData),
            partials = partials.ToJson(),
            restoredFrom,
            actor,
        };
        return await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Add, values, transaction, cancellationToken: ct)); // open as long as its transaction
    }

    /// The row, locked until the transaction ends. Null: there is no such template.
    public static async Task<LockedTemplate?> LockAsync(NpgsqlTransaction transaction, string key, CancellationToken ct) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<LockedTemplate>(new CommandDefinition(Sql.Lock, new { key }, transaction, cancellationToken: ct));

    public static async Task<StoredVersion?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string key, int version, CancellationToken ct)
    {
        var row = await connection.QuerySingleOrDefaultAsync<VersionRow>(new CommandDefinition(Sql.Find, new { key, version }, transaction, cancellationToken: ct));
        return row is null ? null : new StoredVersion(key, version, row.Published, TemplateParts.FromJson(row.Parts), row.CreatedAt, row.CreatedBy)
        {
            Partials = PartialSnapshot.FromJson(row.Partials),
            VariablesSchema = Element(row.VariablesSchema),
            SampleData = Element(row.SampleData),
            RestoredFrom = row.RestoredFrom,
        };
    }

    /// The version becomes the published one; whether it did is not asked, since the caller holds the row and has seen the version.
    public static Task PublishAsync(NpgsqlTransaction transaction, string key, int version, string actor, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(Sql.Publish, new { key, version, actor }, transaction, cancellationToken: ct));

    public static Task TouchAsync(NpgsqlTransaction transaction, string key, string actor, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(Sql.Touch, new { key, actor }, transaction, cancellationToken: ct));

    private static string? Text(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given.GetRawText() : null;

    private static JsonElement? Element(string? json) => json is null ? null : JsonElement.Parse(json);

    internal sealed record LockedTemplate
    {
        public required string Name { get; init; }
        public string? Category { get; init; }
        /// Of its category.
        public string? Class { get; init; }
        public int? Published { get; init; }
        public required int Revision { get; init; }
        public required int Latest { get; init; }
        public required bool Archived { get; init; }
    }

    private sealed record VersionRow
    {
        public required bool Published { get; init; }
        public required string Parts { get; init; }
        public string? Partials { get; init; }
        public string? VariablesSchema { get; init; }
        public string? SampleData { get; init; }
        public int? RestoredFrom { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string CreatedBy { get; init; }
    }

    internal static class Sql
    {
        public const string Lock = """
            select name, category, (select class from categories where categories.key = category) as class, published, revision,
                archived_at is not null as archived,
                (select max(version) from template_versions where template = key) as latest
            from templates
            where key = @key
            for update
            """;

        public const string Add = """
            insert into template_versions (template, version, parts, variables_schema, sample_data, partials, restored_from, created_by)
            select @key, coalesce(max(version), 0) + 1, @parts::jsonb, @schema::json, @sample::json, @partials::jsonb, @restoredFrom::integer, @actor
            from template_versions
            where template = @key
            returning version
            """;

        public const string Find = """
            select v.parts::text as parts, v.partials::text as partials, v.variables_schema::text as variables_schema, v.sample_data::text as sample_data,
                v.restored_from, v.created_at, v.created_by, v.version is not distinct from t.published as published
            from template_versions v
            join templates t on t.key = v.template
            where v.template = @key and v.version = @version
            """;

        public const string Publish = "update templates set published = @version, revision = revision + 1, updated_at = now(), updated_by = @actor where key = @key";

        public const string Touch = "update templates set revision = revision + 1, updated_at = now(), updated_by = @actor where key = @key";
    }
}
