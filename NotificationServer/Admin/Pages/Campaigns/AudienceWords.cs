using Dapper;
using NotificationServer.Campaigns.Plans;
using Npgsql;

namespace NotificationServer.Admin.Pages.Campaigns;

/// Whom a campaign is for, in a sentence.
internal static class AudienceWords
{
    public static string Sentence(Audience audience, IReadOnlyDictionary<Guid, string> names)
    {
        string Listed(IReadOnlyList<Guid> ids, string joint)
        {
            var quoted = ids.Take(3).Select(id => $"“{names.GetValueOrDefault(id, "a segment that is gone")}”").ToArray();
            return ids.Count > 3 ? $"{string.Join(", ", quoted)} and {ids.Count - 3} more" : string.Join($" {joint} ", quoted);
        }

        var whom = audience.SegmentIds.Count == 0 ? "Everybody we know" : $"People in {Listed(audience.SegmentIds, "or")}";
        return audience.ExcludeSegmentIds.Count == 0 ? $"{whom}." : $"{whom}, but nobody in {Listed(audience.ExcludeSegmentIds, "or")}.";
    }

    public static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(NpgsqlConnection connection, Audience audience, CancellationToken ct)
    {
        var ids = audience.SegmentIds.Concat(audience.ExcludeSegmentIds).ToArray();
        return ids.Length == 0 ? new Dictionary<Guid, string>()
            : (await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition(Sql.Names, new { ids }, cancellationToken: ct))).ToDictionary(row => row.Id, row => row.Name);
    }

    internal static class Sql
    {
        public const string Names = """
            select id, name from segments where id = any(@ids::uuid[])
            """;
    }
}
