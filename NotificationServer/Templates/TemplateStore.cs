using Dapper;
using NotificationServer.Platform;
using NotificationServer.Templates.Shared;
using NotificationServer.Templates.Versions;
using Npgsql;

namespace NotificationServer.Templates;

/// Templates as people edit them. A version is written once and never changed; publishing moves a pointer.
internal sealed class TemplateStore(NpgsqlDataSource db, TemplateCatalog catalog, PublishGate gate)
{
    /// The first version is published at once unless the author wants to go on with it: a template that nobody can use is of no use.
    public async Task<TemplateChange> CreateAsync(
        string key, string name, string? category, VersionSource source, string actor, CancellationToken ct, bool publish = true,
        TrackingSwitch tracking = default)
    {
        List<TemplateError> errors = [.. TemplateRules.CheckKey(key), .. TemplateRules.CheckName(name)];
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (category is not null && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.CategoryExists, new { category }, transaction, cancellationToken: ct)))
            errors.Add(new("/category", "unknown_category", "there is no such category"));
        var partials = await PartialReader.TakeAsync(transaction, source.Parts.AllSources, PartialSnapshot.Empty, ct);
        errors.AddRange(TemplateRules.Check(source, partials));
        if (errors.Count > 0) return TemplateChange.Invalid(errors);

        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Create, new { key, name, category, tracking.Opens, tracking.Clicks, actor }, transaction, cancellationToken: ct)) == 0)
            return TemplateChange.KeyTaken;
        var change = await AddAsync(transaction, key, source, partials, publish, actor, ct);
        return await CommittedAsync(transaction, key, change, TemplateDeeds.Created(key, name, category, actor, publish), ct);
    }

    /// Adds a version: a draft, which is used when it is published and not before, or published at once.
    public async Task<TemplateChange> AddVersionAsync(string key, VersionSource source, string actor, CancellationToken ct, bool publish = false)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Before the row is taken: to compile a large text takes a while, and others wait for that row.
        var partials = await PartialReader.TakeAsync(transaction, source.Parts.AllSources, PartialSnapshot.Empty, ct);
        var errors = TemplateRules.Check(source, partials);
        if (await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        if (template.Archived) return TemplateChange.Archived;
        if (errors.Count > 0) return TemplateChange.Invalid(errors);

        var change = await AddAsync(transaction, key, source, partials, publish, actor, ct);
        return await CommittedAsync(transaction, key, change, TemplateDeeds.Written(key, change.Version, null, publish, actor), ct);
    }

    /// A new draft that is equal to an older version, to the copies of its partials.
    public async Task<TemplateChange> RestoreAsync(string key, int version, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        if (template.Archived) return TemplateChange.Archived;
        if (await VersionWriter.FindAsync(connection, transaction, key, version, ct) is not { } old) return TemplateChange.NotFound;

        var restored = await VersionWriter.AddAsync(transaction, key, old.Source, old.Partials, version, actor, ct);
        await VersionWriter.TouchAsync(transaction, key, actor, ct);
        return await CommittedAsync(transaction, key, TemplateChange.Done(restored), TemplateDeeds.Written(key, restored, version, published: false, actor), ct);
    }

    /// Null version: the latest. Publishing an older one is how a mistake is taken back.
    public async Task<TemplateChange> PublishAsync(string key, int? version, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        if (template.Archived) return TemplateChange.Archived;

        var change = await PublishAsync(transaction, key, version ?? template.Latest, actor, ct);
        return await CommittedAsync(transaction, key, change, TemplateDeeds.Published(key, template.Published, change.Version, actor), ct);
    }

    /// Name, category and whether it is archived; a new draft where the words changed too. Nothing if somebody else was faster.
    public async Task<TemplateChange> ChangeAsync(string key, TemplateEdit edit, int revision, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        if (template.Revision != revision) return TemplateChange.Changed;

        List<TemplateError> errors = [.. TemplateRules.CheckName(edit.Name)];
        if (edit.Category is { } category && category != template.Category
            && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.CategoryExists, new { category }, transaction, cancellationToken: ct)))
            errors.Add(new("/category", "unknown_category", "there is no such category"));

        var latest = await VersionWriter.FindAsync(connection, transaction, key, template.Latest, ct);
        var isNew = latest is null || !latest.Source.IsSameAs(edit.Source);
        var partials = isNew ? await PartialReader.TakeAsync(transaction, edit.Source.Parts.AllSources, PartialSnapshot.Empty, ct) : PartialSnapshot.Empty;
        if (isNew) errors.AddRange(TemplateRules.Check(edit.Source, partials));
        if (errors.Count > 0) return TemplateChange.Invalid(errors);
        if (!isNew && template.Name == edit.Name && template.Category == edit.Category && template.Archived == edit.Archived && template.Tracking == edit.Tracking)
            return TemplateChange.Done(template.Latest);

        var version = isNew ? await VersionWriter.AddAsync(transaction, key, edit.Source, partials, restoredFrom: null, actor, ct) : template.Latest;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Change, new { key, edit.Name, edit.Category, edit.Archived, edit.Tracking.Opens, edit.Tracking.Clicks, actor }, transaction, cancellationToken: ct));
        return await CommittedAsync(transaction, key, TemplateChange.Done(version), TemplateDeeds.Changed(key, template, edit, version, actor), ct);
    }

    /// Takes it away from new notifications, or brings it back. Deleting it would take the words from messages that were accepted with them.
    /// Revision: nothing if it is another one by now; null: whichever.
    public async Task<TemplateChange> ArchiveAsync(string key, bool archived, int? revision, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        if (revision is not null && template.Revision != revision) return TemplateChange.Changed;
        if (template.Archived == archived) return TemplateChange.Done(template.Latest);

        var values = new { key, template.Name, template.Category, archived, Opens = template.TrackOpens, Clicks = template.TrackClicks, actor };
        await connection.ExecuteAsync(new CommandDefinition(Sql.Change, values, transaction, cancellationToken: ct));
        return await CommittedAsync(transaction, key, TemplateChange.Done(template.Latest), TemplateDeeds.Archived(key, archived, actor), ct);
    }

    public async Task<StoredTemplate?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredTemplate>(new CommandDefinition(Sql.Find, new { key }, cancellationToken: ct));
    }

    public async Task<StoredVersion?> FindVersionAsync(string key, int version, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await VersionWriter.FindAsync(connection, transaction: null, key, version, ct);
    }

    private async Task<TemplateChange> AddAsync(
        NpgsqlTransaction transaction, string key, VersionSource source, PartialSnapshot partials, bool publish, string actor, CancellationToken ct)
    {
        var version = await VersionWriter.AddAsync(transaction, key, source, partials, restoredFrom: null, actor, ct);
        if (publish) return await PublishAsync(transaction, key, version, actor, ct);
        await VersionWriter.TouchAsync(transaction, key, actor, ct);
        return TemplateChange.Done(version);
    }

    private async Task<TemplateChange> PublishAsync(NpgsqlTransaction transaction, string key, int version, string actor, CancellationToken ct)
    {
        var chosen = await VersionWriter.FindAsync(transaction.Connection!, transaction, key, version, ct); // open as long as its transaction
        if (chosen is null || await VersionWriter.LockAsync(transaction, key, ct) is not { } template) return TemplateChange.NotFound;
        var (errors, warnings) = gate.Check(chosen, template.Class);
        if (errors.Count > 0) return TemplateChange.Invalid(errors);

        await VersionWriter.PublishAsync(transaction, key, version, actor, ct);
        return TemplateChange.Done(version, warnings);
    }

    /// What did not work out is rolled back by its transaction's end.
    private async Task<TemplateChange> CommittedAsync(NpgsqlTransaction transaction, string key, TemplateChange change, AuditEntry deed, CancellationToken ct)
    {
        if (change.Status != TemplateChangeStatus.Done) return change;
        await AuditLog.AppendAsync(transaction.Connection!, deed, ct); // open as long as its transaction
        await transaction.CommitAsync(ct);
        catalog.Forget(key);
        return change;
    }

    internal static class Sql
    {
        public const string CategoryExists = "select exists (select from categories where key = @category)";

        public const string Create = """
            insert into templates (key, name, category, track_opens, track_clicks, updated_by)
            values (@key, @name, @category, @Opens, @Clicks, @actor)
            on conflict (key) do nothing
            """;

        public const string Change = """
            update templates
            set name = @name, category = @category, track_opens = @Opens, track_clicks = @Clicks, archived_at = case when @archived then coalesce(archived_at, now()) end,
                revision = revision + 1, updated_at = now(), updated_by = @actor
            where key = @key
            """;

        public const string Find = """
            select t.key, t.name, t.category, c.class, t.published, t.revision, t.created_at, t.updated_at, t.updated_by, t.archived_at, t.track_opens, t.track_clicks,
                (select max(version) from template_versions where template = t.key) as latest
            from templates t
            left join categories c on c.key = t.category
            where t.key = @key
            """;
    }
}
