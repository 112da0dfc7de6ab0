using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Admin.Pages.Segments;

/// From the lines of the builder to the tree that is stored, and back.
internal static class RuleTree
{
    /// Places: which line a pointer into the tree is about. Stored: what was there before. Services may write more than the form can show,
    /// and what nobody touched stays as they wrote it.
    public static (JsonElement Tree, Dictionary<string, int> Places) Of(IReadOnlyList<RuleLine> lines, JsonElement? stored = null)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        List<RuleLine> before = stored is { } was ? Lines(was, places) : [];
        if (stored is { } untouched && lines.Count == before.Count && lines.Zip(before).All(pair => LooksTheSame(pair.First, pair.Second))) return (untouched, places);

        places.Clear();
        var conditions = before.Where(line => !line.IsGroup).GroupBy(RuleLineJson.Shown, StringComparer.Ordinal)
            .ToDictionary(alike => alike.Key, alike => new Queue<RuleLine>(alike), StringComparer.Ordinal);
        return (JsonSerializer.SerializeToElement(Node(lines, 0, "", places, conditions)), places);
    }

    /// The line that an error is about: the innermost that its pointer leads through.
    public static int PlaceOf(string pointer, Dictionary<string, int> places)
    {
        for (var at = pointer; ; at = at[..at.LastIndexOf('/')])
        {
            if (places.TryGetValue(at, out var place)) return place;
            if (at.LastIndexOf('/') < 0) return 0;
        }
    }

    public static List<RuleLine> Lines(JsonElement tree) => Lines(tree, []);

    private static List<RuleLine> Lines(JsonElement tree, Dictionary<string, int> places)
    {
        var lines = new List<RuleLine>();
        if (tree.TryGetProperty("field", out _)) lines.Add(new RuleLine { Mode = "all" });
        Read(tree, lines.Count - 1, "", lines, places);
        return lines;
    }

    private static bool LooksTheSame(RuleLine one, RuleLine other) =>
        one.Parent == other.Parent && one.Mode == other.Mode && (one.IsGroup || RuleLineJson.Shown(one) == RuleLineJson.Shown(other));

    private static JsonObject Node(IReadOnlyList<RuleLine> lines, int place, string at, Dictionary<string, int> places, Dictionary<string, Queue<RuleLine>> before)
    {
        places[at] = place;
        var line = lines[place];
        if (!line.IsGroup)
            return before.TryGetValue(RuleLineJson.Shown(line), out var alike) && alike.TryDequeue(out var kept) && kept.Stored is { } stored ? JsonObject.Create(stored)! : RuleLineJson.Of(line); // an object
        var (inner, name) = line.Mode switch { "any" => (at, "any"), "none" => ($"{at}/not", "any"), "not_all" => ($"{at}/not", "all"), _ => (at, "all") };
        var list = new JsonArray();
        foreach (var (child, _) in RuleForm.In(lines, place))
            list.Add((JsonNode)Node(lines, child, string.Create(CultureInfo.InvariantCulture, $"{inner}/{name}/{list.Count}"), places, before));
        var group = new JsonObject { [name] = list };
        return inner == at ? group : new JsonObject { ["not"] = group };
    }

    private static void Read(JsonElement node, int parent, string at, List<RuleLine> lines, Dictionary<string, int> places)
    {
        var place = places[at] = lines.Count;
        if (node.TryGetProperty("field", out _))
        {
            lines.Add(RuleLineJson.Line(node, parent));
            return;
        }
        var group = node.EnumerateObject().First();
        var (mode, items, inner) = group switch
        {
            { Name: "not" } when group.Value.TryGetProperty("any", out var any) => ("none", any, "not/any"),
            { Name: "not" } when group.Value.TryGetProperty("all", out var all) && all.GetArrayLength() > 0 => ("not_all", all, "not/all"),
            _ => (group.Name == "not" ? "none" : group.Name, group.Value, group.Name),
        };
        lines.Add(new RuleLine { Parent = parent, Mode = mode });
        if (items.ValueKind != JsonValueKind.Array) Read(items, place, $"{at}/{inner}", lines, places);
        else
        {
            foreach (var (number, item) in items.EnumerateArray().Index())
                Read(item, place, string.Create(CultureInfo.InvariantCulture, $"{at}/{inner}/{number}"), lines, places);
        }
    }
}
