using Dapper;
using NotificationServer.Platform;
using NotificationServer.Templates.Versions;
using Npgsql;

namespace NotificationServer.Templates.Shared;

/// What became of one template. To is null where it stays as it is; Errors says why.
internal sealed record RolledOut(string Template, int From, int PartialVersion, int? To, IReadOnlyList<TemplateError> Errors);

/// More: there are templates left; the same call again goes on.
internal sealed record RollOutReport(int Version, IReadOnlyList<RolledOut> Templates, bool More);

/// Brings the newest text of a partial into the published templates that hold an older copy: a new version of each, published. Only
/// this partial, and what it newly includes: that another one was changed too is a decision of its own.
internal sealed class PartialRollOut(NpgsqlDataSource db, TemplateCatalog catalog, PublishGate gate)
{
    public const int MaxTemplates = 200;

    /// Only: these templates. Dry run: all is done, and nothing kept. Null: there is no such partial.
    public async Task<RollOutReport?> RunAsync(string key, IReadOnlyList<string>? only, bool dryRun, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<int?>(new CommandDefinition(Sql.Latest, new { key }, cancellationToken: ct)) is not { } latest) return null;

        var outdated = (await connection.QueryAsync<string>(
            new CommandDefinition(Sql.Outdated, new { key, latest, only = only?.ToArray(), limit = MaxTemplates + 1 }, cancellationToken: ct))).AsList();
        var done = new List<RolledOut>();
        foreach (var template in outdated.Take(MaxTemplates))
        {
            // One transaction each: what one template's words do not allow keeps no other from going on.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (await RollAsync(transaction, template, key, latest, actor, ct) is not { } rolled) continue;
            done.Add(rolled);
            if (dryRun || rolled.To is null) continue;
            await transaction.CommitAsync(ct);
            catalog.Forget(template);
        }
        return new RollOutReport(latest, done, outdated.Count > MaxTemplates);
    }

    private async Task<RolledOut?> RollAsync(NpgsqlTransaction transaction, string template, string key, int latest, string actor, CancellationToken ct)
    {
        // Somebody may have published another version since the list was made.
        if (await VersionWriter.LockAsync(transaction, template, ct) is not { Archived: false, Published: { } from } row) return null;
        if (await VersionWriter.FindAsync(transaction.Connection!, transaction, template, from, ct) is not { } published) return null; // open as long as its transaction
        if (!published.Partials.Copies.TryGetValue(key, out var copy) || copy.Version >= latest) return null;

        var renewed = await RenewedAsync(transaction, published, key, ct);
        var (errors, _) = gate.Check(renewed, row.Class);
        if (errors.Count > 0) return new RolledOut(template, from, copy.Version, null, errors);

        var to = await VersionWriter.AddAsync(transaction, template, renewed.Source, renewed.Partials, restoredFrom: null, actor, ct);
        await VersionWriter.PublishAsync(transaction, template, to, actor, ct);
        await AuditLog.AppendAsync(transaction.Connection!, TemplateDeeds.RolledOut(template, key, from, to, actor), ct); // as above
        if (row.Latest > from) await KeepDraftAsync(transaction, template, row.Latest, key, actor, ct);
        return new RolledOut(template, from, copy.Version, to, []);
    }

    /// A draft that somebody is working on stays the newest, or their next change would be made to what was just published.
    private static async Task KeepDraftAsync(NpgsqlTransaction transaction, string template, int latest, string key, string actor, CancellationToken ct)
    {
        if (await VersionWriter.FindAsync(transaction.Connection!, transaction, template, latest, ct) is not { } draft) return; // as above
        var renewed = await RenewedAsync(transaction, draft, key, ct);
        var partials = TemplateRules.Check(renewed.Source, renewed.Partials).Count == 0 ? renewed.Partials : draft.Partials;
        await VersionWriter.AddAsync(transaction, template, draft.Source, partials, restoredFrom: latest, actor, ct);
    }

    private static async Task<StoredVersion> RenewedAsync(NpgsqlTransaction transaction, StoredVersion version, string key, CancellationToken ct)
    {
        var kept = new PartialSnapshot(version.Partials.Copies.Where(one => one.Key != key).ToDictionary(one => one.Key, one => one.Value));
        return version with { Partials = await PartialReader.TakeAsync(transaction, version.Parts.AllSources, kept, ct) };
    }

    internal static class Sql
    {
        public const string Latest = "select latest from template_partials where key = @key";

        public const string Outdated = """
            select t.key
            from templates t
            join template_versions v on v.template = t.key and v.version = t.published
            where t.archived_at is null and v.partials ? @key and (v.partials -> @key ->> 'version')::integer < @latest
                and (@only::text[] is null or t.key = any(@only))
            order by t.key collate "C"
            limit @limit
            """;
    }
}
