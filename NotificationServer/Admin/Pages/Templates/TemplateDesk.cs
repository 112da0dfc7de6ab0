using Dapper;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;
using NotificationServer.Templates.Shared;
using Npgsql;

namespace NotificationServer.Admin.Pages.Templates;

/// What the pages of templates share: reading a version, looking at a draft, saving one. The rules are the store's and lint's.
internal sealed class TemplateDesk(NpgsqlDataSource db, TemplateStore store, Previewer previewer, LintReader lint, UserStore users)
{
    internal sealed record CategoryRow(string Key, string Name, string Class);

    internal sealed record Saved
    {
        public string? Key { get; init; }
        public int? Version { get; init; }
        public bool Changed { get; init; }
        public string? Problem { get; init; }
        public VersionRow? Conflict { get; init; }
        public IReadOnlyList<Finding> Findings { get; init; } = [];
    }

    public async Task<TemplateHead?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await store.FindAsync(key, ct) is not { } template) return null;
        var versions = await connection.QueryAsync<VersionRow>(new CommandDefinition(Sql.Versions, new { key, limit = TemplateHead.MostVersions }, cancellationToken: ct));
        return new TemplateHead(template, versions.AsList());
    }

    public async Task<Draft?> DraftAsync(TemplateHead head, int version, CancellationToken ct) =>
        await store.FindVersionAsync(head.Key, version, ct) is { } stored ? Draft.Of(stored, head.Template.Class) : null;

    public async Task<IReadOnlyList<CategoryRow>> CategoriesAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<CategoryRow>(new CommandDefinition(Sql.Categories, cancellationToken: ct))).AsList();
    }

    public Look Look(Draft draft, Viewer viewer) => new(
        previewer.Of(draft, viewer), lint.Check(draft), Names(draft)) { Viewer = viewer.Locale is null ? "with the sample data" : $"with the sample data, in {viewer.Locale}" };

    /// Of what is in the form, saved or not. MayKnow: whoever looks may see what is said of people; to others words could be written that tell it.
    public async Task<Look> LookAsync(EditorForm form, bool mayKnow, CancellationToken ct)
    {
        var problems = new List<Finding>();
        var draft = form.ToDraft(problems);
        await using var connection = await db.OpenConnectionAsync(ct);
        var marketing = form.Category is not null && await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsMarketing, new { category = form.Category }, cancellationToken: ct));
        draft = draft with { Marketing = marketing, Partials = await PartialsAsync(connection, draft, ct) };

        var (viewer, who) = await ViewerAsync(form.As, form.Current.Tag, mayKnow, ct);
        var look = Look(draft, viewer);
        return look with { Viewer = who ?? look.Viewer, Findings = [.. problems.Concat(look.Findings)] };
    }

    /// A new version on top of the one that the text came from, or what stands in the way.
    public async Task<Saved> SaveAsync(string? key, EditorForm form, string? author, CancellationToken ct)
    {
        var problems = new List<Finding>();
        var draft = form.ToDraft(problems);
        if (problems.Count > 0) return new Saved { Problem = "It was not saved: some of it is not JSON.", Findings = problems };
        var source = draft.Source;
        var actor = Authors.Of(author);
        if (key is null)
            return Answer(form.Key?.Trim() ?? "", await store.CreateAsync(form.Key?.Trim() ?? "", form.Name ?? "", form.Category, source, actor, ct, publish: false), 0, null);

        if (await FindAsync(key, ct) is not { } head) return new Saved { Problem = "This template is gone." };
        if (head.Latest != form.Base) return new Saved { Conflict = head.Versions[0] };
        // Others change both without making a version: what nobody touched here is theirs.
        var name = form.Name == form.ShownName ? head.Name : form.Name ?? "";
        var category = form.Category == form.ShownCategory ? head.Template.Category : form.Category;
        var edit = new TemplateEdit(name, category, head.Template.Tracking, head.Template.IsArchived, source);
        var change = await store.ChangeAsync(key, edit, head.Template.Revision, actor, ct);
        return Answer(key, change, head.Latest, change.Status == TemplateChangeStatus.Changed ? (await FindAsync(key, ct))?.Versions[0] : null);
    }

    private static Saved Answer(string key, TemplateChange change, int before, VersionRow? theirs) => change.Status switch
    {
        TemplateChangeStatus.Done => new Saved { Key = key, Version = change.Version, Changed = change.Version != before },
        TemplateChangeStatus.Invalid => new Saved
        {
            Problem = $"It was not saved: {change.Errors[0].Message}.",
            Findings = [.. change.Errors.Select(error => new Finding(Severity.Error, error.Code, error.Pointer, LocaleRules.LocaleOf(error.Pointer), error.Message))],
        },
        TemplateChangeStatus.KeyTaken => new Saved { Problem = $"There is a template of the key {key} already." },
        TemplateChangeStatus.NotFound => new Saved { Problem = "This template is gone." },
        TemplateChangeStatus.Changed => new Saved { Conflict = theirs, Problem = theirs is null ? "This template is gone." : null },
        TemplateChangeStatus.Archived => new Saved { Problem = "This template is archived: bring it back before you change it." },
    };

    /// As they are now: a version gets its copies when it is stored.
    private static async Task<PartialSnapshot> PartialsAsync(NpgsqlConnection connection, Draft draft, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        return await PartialReader.TakeAsync(transaction, draft.Parts.AllSources, PartialSnapshot.Empty, ct);
    }

    public Task<StoredVersion?> VersionAsync(string key, int version, CancellationToken ct) => store.FindVersionAsync(key, version, ct);

    /// Somebody's locale and zone, as a send to them would take them; else the language that is shown.
    public async Task<(Viewer Viewer, string? Who)> ViewerAsync(string? whose, string? shown, bool mayKnow, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(whose)) return (new Viewer(Locale: shown), null);
        if (!RecipientId.TryParse(whose.Trim(), null, out var id) || await users.FindAsync(id, ct) is not { } user)
            return (new Viewer(Locale: shown), $"There is no user {whose.Trim()}");
        var person = mayKnow ? PersonValues.Of(user.Id, user.Locale, user.TimeZone, user.Country, user.Attributes) : null;
        return (new Viewer(null, user.Locale, user.TimeZone) { Person = person }, $"as {user.Id} gets it: {user.Locale ?? "no language"}, {user.TimeZone ?? "no time zone"}");
    }

    /// What may stand between {{ and }}: what the sample and the schema have, and the server's own.
    private static IReadOnlyList<string> Names(Draft draft) =>
    [
        .. (draft.Sample is { } sample ? NameTree.OfData(sample).Without([]) : []).Concat(draft.Schema is { } schema ? NameTree.OfSchema(schema).Without([]) : [])
            .Where(name => !name.Contains('[', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Take(40),
        .. LinkVariables.Names.Order(StringComparer.Ordinal),
        .. PersonVariables.Offered,
    ];

    internal static class Sql
    {
        public const string Versions = """
            select version, restored_from, created_at, created_by
            from template_versions
            where template = @key
            order by version desc
            limit @limit
            """;

        public const string Categories = """
            select key, name, class from categories order by name, key
            """;

        public const string IsMarketing = """
            select class = 'marketing' from categories where key = @category
            """;
    }
}
