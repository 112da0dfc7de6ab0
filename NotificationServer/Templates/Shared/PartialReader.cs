using Dapper;
using Npgsql;

namespace NotificationServer.Templates.Shared;

/// Copies the partials that some texts name, and those that these name in turn, as they are now.
internal static class PartialReader
{
    private const int MaxPartials = 50;

    /// Kept: copies that stay as they are. What is not found is left out: the language says which text wanted it. Locked, so that none
    /// of them is deleted before the version that uses it is stored.
    public static async Task<PartialSnapshot> TakeAsync(
        NpgsqlTransaction transaction, IEnumerable<string> texts, PartialSnapshot kept, CancellationToken ct)
    {
        var copies = new Dictionary<string, PartialCopy>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var next = NamesIn(texts, asked);
        while (next.Count > 0 && copies.Count < MaxPartials)
        {
            var found = next.Where(kept.Copies.ContainsKey).ToDictionary(key => key, key => kept.Copies[key]);
            var keys = next.Where(key => !found.ContainsKey(key)).Take(MaxPartials).ToArray();
            if (keys.Length > 0)
            {
                var rows = await transaction.Connection!.QueryAsync<(string Key, int Version, string Texts)>( // open as long as its transaction
                    new CommandDefinition(Sql.Latest, new { keys }, transaction, cancellationToken: ct));
                foreach (var row in rows) found[row.Key] = new PartialCopy(row.Version, PartialTexts.FromJson(row.Texts));
            }
            foreach (var (key, copy) in found) copies[key] = copy;
            next = NamesIn(found.Values.SelectMany(copy => copy.Texts.Sources), asked);
        }
        return copies.Count == 0 ? PartialSnapshot.Empty : new PartialSnapshot(copies);
    }

    private static List<string> NamesIn(IEnumerable<string> texts, HashSet<string> asked) => [.. texts.SelectMany(Partials.Named).Where(asked.Add)];

    internal static class Sql
    {
        public const string Latest = """
            select p.key, v.version, v.texts::text
            from template_partials p
            join template_partial_versions v on v.partial = p.key and v.version = p.latest
            where p.key = any(@keys::text[])
            order by p.key
            for key share of p
            """;
    }
}
