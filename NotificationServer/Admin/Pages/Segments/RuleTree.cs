using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Admin.Pages.Segments;

/// From the lines of the builder to the tree that is stored, and back.
internal static class RuleTree
{
    /// Places: which line a pointer into the tree is about.
    public static (JsonElement Tree, Dictionary<string, int> Places) Of(IReadOnlyList<RuleLine> lines)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var tree = Node(lines, 0, "", places);
        return (JsonSerializer.SerializeToElement(tree), places);
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

    public static List<RuleLine> Lines(JsonElement tree)
    {
        var lines = new List<RuleLine>();
        Read(tree, -1, lines);
        if (lines[0].IsGroup) return lines;
        lines[0].Parent = 0;
        lines.Insert(0, new RuleLine { Mode = "all" });
        return lines;
    }

    private static JsonObject Node(IReadOnlyList<RuleLine> lines, int place, string at, Dictionary<string, int> places)
    {
        places[at] = place;
        var line = lines[place];
        if (!line.IsGroup) return RuleLineJson.Of(line);
        var (inner, name) = line.Mode switch { "any" => (at, "any"), "none" => ($"{at}/not", "any"), "not_all" => ($"{at}/not", "all"), _ => (at, "all") };
        var list = new JsonArray();
        foreach (var (child, _) in RuleForm.In(lines, place))
            list.Add((JsonNode)Node(lines, child, string.Create(CultureInfo.InvariantCulture, $"{inner}/{name}/{list.Count}"), places));
        var group = new JsonObject { [name] = list };
        return inner == at ? group : new JsonObject { ["not"] = group };
    }

    private static void Read(JsonElement node, int parent, List<RuleLine> lines)
    {
        if (node.TryGetProperty("field", out _))
        {
            lines.Add(RuleLineJson.Line(node, parent));
            return;
        }
        var group = node.EnumerateObject().First();
        var (mode, items) = group switch
        {
            { Name: "not" } when group.Value.TryGetProperty("any", out var any) => ("none", any),
            { Name: "not" } when group.Value.TryGetProperty("all", out var all) && all.GetArrayLength() > 0 => ("not_all", all),
            _ => (group.Name == "not" ? "none" : group.Name, group.Value),
        };
        var place = lines.Count;
        lines.Add(new RuleLine { Parent = parent, Mode = mode });
        if (items.ValueKind != JsonValueKind.Array) Read(items, place, lines);
        else foreach (var item in items.EnumerateArray()) Read(item, place, lines);
    }
}
