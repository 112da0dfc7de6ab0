using Dapper;
using NotificationServer.Campaigns.Segments.Rules;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

/// What a segment has to be before it is stored.
internal sealed class SegmentRules(NpgsqlDataSource db)
{
    public const int MaxName = 100;
    public const int MaxDescription = 1_000;

    /// Pointers are into the segment: `/name`, `/rules/all/0/value`.
    public async Task<IReadOnlyList<PlanError>> CheckAsync(SegmentDraft draft, CancellationToken ct)
    {
        var errors = new List<PlanError>();
        if (draft.Name.Length is 0 or > MaxName || draft.Name != draft.Name.Trim() || draft.Name.Any(char.IsControl))
            errors.Add(new PlanError("/name", "invalid_name", $"1 to {MaxName} characters, not beginning or ending with a space"));
        if (draft.Description.Length > MaxDescription || draft.Description.Contains('\0', StringComparison.Ordinal))
            errors.Add(new PlanError("/description", "too_long", $"At most {MaxDescription} characters"));
        if (draft.Rules is not { } rules) return errors;

        var compiled = RuleCompiler.Compile(rules, new RuleParameters());
        errors.AddRange(compiled.Errors.Select(error => error with { Pointer = $"/rules{error.Pointer}" }));
        StorableNumbers.Check(rules, "/rules", (pointer, code, message) => errors.Add(new PlanError(pointer, code, message)));
        errors.AddRange(await UnknownAsync(compiled.References, ct));
        return errors;
    }

    /// Rules name what is there: a typing error would mean nobody, or everybody.
    private async Task<IEnumerable<PlanError>> UnknownAsync(IReadOnlyList<RuleReference> references, CancellationToken ct)
    {
        if (references.Count == 0) return [];
        await using var connection = await db.OpenConnectionAsync(ct);
        var unknown = (await connection.QueryAsync<int>(new CommandDefinition(Sql.Unknown, new
        {
            kinds = references.Select(one => one.Kind.ToString()).ToArray(), names = references.Select(one => one.Name).ToArray(),
        }, cancellationToken: ct))).AsList();
        return unknown.Select(place => references[place - 1]).Select(one => one.Kind switch
        {
            ReferenceKind.Segment => new PlanError($"/rules{one.Pointer}", "unknown_list", "There is no such list; rules may name lists only"),
            ReferenceKind.Template => new PlanError($"/rules{one.Pointer}", "unknown_template", "There is no such template"),
            ReferenceKind.Category => new PlanError($"/rules{one.Pointer}", "unknown_category", "There is no such category"),
            ReferenceKind.Campaign => new PlanError($"/rules{one.Pointer}", "unknown_campaign", "There is no such campaign"),
        });
    }

    internal static class Sql
    {
        public const string Unknown = """
            select r.place::integer
            from unnest(@kinds::text[], @names::text[]) with ordinality as r(kind, name, place)
            where not case r.kind
                when 'Segment' then exists (select from segments s where s.id::text = r.name and s.kind = 'list' and s.archived_at is null)
                when 'Template' then exists (select from templates t where t.key = r.name)
                when 'Category' then exists (select from categories c where c.key = r.name)
                else exists (select from campaigns c where c.id::text = r.name)
            end
            order by r.place
            """;
    }
}
