using System.Globalization;
using System.Text.Json;
using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments.Rules;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

/// Says in SQL whom a campaign means, by the rules as they are now.
internal sealed class Audiences(NpgsqlDataSource db)
{
    /// Null with errors, whose pointers begin with `/audience`: a segment is unknown, archived, or says what can no longer be asked.
    public async Task<(AudienceSql? Sql, IReadOnlyList<PlanError> Errors)> OfAsync(Audience audience, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await OfAsync(connection, audience, ct);
    }

    /// The same, as this connection's transaction has them.
    public static async Task<(AudienceSql? Sql, IReadOnlyList<PlanError> Errors)> OfAsync(NpgsqlConnection connection, Audience audience, CancellationToken ct)
    {
        var known = await ReadAsync(connection, [.. audience.SegmentIds, .. audience.ExcludeSegmentIds], ct);
        var (parameters, errors) = (new RuleParameters(), new List<PlanError>());
        var whom = Condition(audience, known, parameters, errors);
        return errors.Count > 0 ? (null, errors) : (new AudienceSql(whom, parameters.Values), []);
    }

    /// Who is in the one and in so many of the others; null: one of them cannot be asked for.
    public async Task<AudienceSql?> InAllAsync(Audience one, IReadOnlyList<Audience> others, int atLeast, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var known = await ReadAsync(connection, [.. others.Append(one).SelectMany(audience => audience.SegmentIds.Concat(audience.ExcludeSegmentIds)).Distinct()], ct);
        var (parameters, errors) = (new RuleParameters(), new List<PlanError>());
        var whom = Condition(one, known, parameters, errors);
        var counted = others.Select(other => $"coalesce({Condition(other, known, parameters, errors)}, false)::integer").ToList();
        return errors.Count > 0 || counted.Count == 0 ? null
            : new AudienceSql(string.Create(CultureInfo.InvariantCulture, $"{whom} and {string.Join(" + ", counted)} >= {atLeast}"), parameters.Values);
    }

    /// Of rules that may not be stored yet; pointers begin at the tree's root.
    public static (AudienceSql? Sql, IReadOnlyList<PlanError> Errors) OfRules(JsonElement rules)
    {
        var parameters = new RuleParameters();
        var compiled = RuleCompiler.Compile(rules, parameters);
        return compiled.Errors.Count > 0 ? (null, compiled.Errors) : (new AudienceSql(compiled.Condition, parameters.Values), []);
    }

    public static AudienceSql OfList(Guid id)
    {
        var parameters = new RuleParameters();
        return new AudienceSql(ListField.Membership(parameters.Add(new[] { id })), parameters.Values);
    }

    private static string Condition(Audience audience, Dictionary<Guid, Row> known, RuleParameters parameters, List<PlanError> errors)
    {
        var includes = Conditions(audience.SegmentIds, known, parameters, "/audience/segment_ids", errors);
        var excludes = Conditions(audience.ExcludeSegmentIds, known, parameters, "/audience/exclude_segment_ids", errors);
        var whom = includes.Count == 0 ? "true" : $"({string.Join(" or ", includes)})";
        return excludes.Count > 0 ? $"{whom} and not coalesce({string.Join(" or ", excludes)}, false)" : whom;
    }

    private static List<string> Conditions(IReadOnlyList<Guid> ids, Dictionary<Guid, Row> known, RuleParameters parameters, string at, List<PlanError> errors)
    {
        var conditions = new List<string>();
        foreach (var (place, id) in ids.Index())
        {
            var pointer = string.Create(CultureInfo.InvariantCulture, $"{at}/{place}");
            if (!known.TryGetValue(id, out var segment)) errors.Add(new PlanError(pointer, "unknown_segment", "There is no such segment"));
            else if (segment.Archived) errors.Add(new PlanError(pointer, "archived_segment", $"“{segment.Name}” is archived"));
            else if (segment.Rules is null) conditions.Add(ListField.Membership(parameters.Add(new[] { id })));
            else
            {
                var compiled = RuleCompiler.Compile(JsonElement.Parse(segment.Rules), parameters);
                if (compiled.Errors is [var first, ..]) errors.Add(new PlanError(pointer, "invalid_segment", $"“{segment.Name}” cannot be asked for: {first.Message} ({first.Pointer})"));
                else conditions.Add(compiled.Condition);
            }
        }
        return conditions;
    }

    private static async Task<Dictionary<Guid, Row>> ReadAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return [];
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Read, new { ids }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Id);
    }

    private sealed record Row(Guid Id, string Name, string? Rules, bool Archived);

    internal static class Sql
    {
        public const string Read = """
            select id, name, rules::text as rules, archived_at is not null as archived
            from segments
            where id = any(@ids::uuid[])
            """;
    }
}
