using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Templates.Shared;
using NotificationServer.Templates.Schemas;
using Npgsql;

namespace NotificationServer.Templates;

/// The templates as the walk uses them: a version is read and compiled once per node, because it never changes; which version is
/// published is looked up again every few seconds.
internal sealed class TemplateCatalog(NpgsqlDataSource db, IOptions<TemplatesOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Key, int Version), Task<Stored?>> versions = new();
    private readonly ConcurrentDictionary<string, Published> published = new(StringComparer.Ordinal);

    /// For a new notification. Null version: the one that is published now. Null result: there is no such template or version, none is
    /// published, or it is archived.
    public async ValueTask<Template?> FindAsync(string key, int? version, CancellationToken ct) =>
        await PublishedAsync(key, ct) is { } pointer && (version ?? pointer.Version) is { } wanted && await VersionAsync(key, wanted, ct) is { } stored
            ? new Template(key, wanted, pointer.Category, stored.Wording, clock, stored.Schema)
            : null;

    /// For a message that was accepted with this version: it is said, whatever became of the template since.
    public async ValueTask<Template?> FindPinnedAsync(string key, int version, CancellationToken ct) =>
        await VersionAsync(key, version, ct) is { } stored ? new Template(key, version, category: null, stored.Wording, clock, stored.Schema) : null;

    /// Called where a template was changed, so that at least this node sees it at once.
    public void Forget(string key) => published.TryRemove(key, out _);

    private async Task<Pointer?> PublishedAsync(string key, CancellationToken ct)
    {
        // One reader per key and period: the callers who arrive meanwhile await the same task.
        if (!published.TryGetValue(key, out var known) || clock.GetElapsedTime(known.ReadAt) >= options.Value.PublishedMaxAge)
        {
            if (published.Count >= options.Value.CachedVersions) published.Clear();
            var fresh = new Published(clock.GetTimestamp(), new Lazy<Task<Pointer?>>(() => ReadPointerAsync(key)));
            known = known is null ? published.GetOrAdd(key, fresh) : published.TryUpdate(key, fresh, known) ? fresh : published.GetValueOrDefault(key, fresh);
        }

        try
        {
            var pointer = await known.Pointer.Value.WaitAsync(ct);
            // What does not exist is not remembered: it may be created the next moment, and made-up keys would fill the memory.
            if (pointer is null) published.TryRemove(KeyValuePair.Create(key, known));
            return pointer;
        }
        finally
        {
            // A failed read is not kept: the next caller asks again.
            if (known.Pointer.Value.IsFaulted) published.TryRemove(KeyValuePair.Create(key, known));
        }
    }

    private async Task<Stored?> VersionAsync(string key, int version, CancellationToken ct)
    {
        if (versions.Count >= options.Value.CachedVersions) versions.Clear();
        var reading = versions.GetOrAdd((key, version), static (id, catalog) => catalog.ReadVersionAsync(id.Key, id.Version), this);
        try
        {
            var stored = await reading.WaitAsync(ct);
            if (stored is null) versions.TryRemove(KeyValuePair.Create((key, version), reading));
            return stored;
        }
        finally
        {
            if (reading.IsFaulted) versions.TryRemove(KeyValuePair.Create((key, version), reading));
        }
    }

    // The reads are shared between callers: one caller's cancellation must not fail the others, so none is passed on.
    private async Task<Pointer?> ReadPointerAsync(string key)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        return await connection.QuerySingleOrDefaultAsync<Pointer>(new CommandDefinition(Sql.Published, new { key }, cancellationToken: CancellationToken.None));
    }

    private async Task<Stored?> ReadVersionAsync(string key, int version)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        var row = await connection.QuerySingleOrDefaultAsync<VersionRow>(
            new CommandDefinition(Sql.Version, new { key, version }, cancellationToken: CancellationToken.None));
        if (row is null) return null;
        var parts = TemplateParts.FromJson(row.Parts);
        var schema = row.VariablesSchema is null ? null : DataSchema.From(JsonElement.Parse(row.VariablesSchema), "/variables_schema", []);
        return new Stored(new Wording(parts with { DefaultLocale = parts.DefaultLocale ?? options.Value.DefaultLocale }, PartialSnapshot.FromJson(row.Partials)), schema);
    }

    private sealed record Published(long ReadAt, Lazy<Task<Pointer?>> Pointer);

    private sealed record Pointer(int? Version, string? Category);

    private sealed record VersionRow(string Parts, string? Partials, string? VariablesSchema);

    private sealed record Stored(Wording Wording, DataSchema? Schema);

    internal static class Sql
    {
        public const string Published = """
            select published as version, category
            from templates
            where key = @key and archived_at is null
            """;

        public const string Version = """
            select parts::text, partials::text, variables_schema::text
            from template_versions
            where template = @key and version = @version
            """;
    }
}
