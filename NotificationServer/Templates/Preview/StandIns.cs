using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Templates.Lint;

namespace NotificationServer.Templates.Preview;

/// Values where the sample data has none: a name in square brackets for each, so that a draft can be looked at from its first word on.
internal static class StandIns
{
    /// The data with every gap filled, and which names were made up.
    public static (JsonElement Data, IReadOnlyList<string> MadeUp) Fill(JsonElement? sample, IEnumerable<TemplateVariable> variables)
    {
        var root = sample is { ValueKind: JsonValueKind.Object } given ? JsonNode.Parse(given.GetRawText())!.AsObject() : []; // an object is no null
        var madeUp = new List<string>();
        foreach (var path in variables.Where(variable => variable.Required).Select(variable => variable.Path).Distinct(StringComparer.Ordinal))
            if (!LinkVariables.Names.Contains(path) && !PersonVariables.Offered.Contains(path) && Put(root, [.. NameTree.Steps(path)])) madeUp.Add(path);
        return (JsonSerializer.SerializeToElement(root), madeUp);
    }

    /// True: it was not there. What is in the way, such as a number where an object should be, stays.
    private static bool Put(JsonObject root, string[] steps)
    {
        JsonNode at = root;
        for (var i = 0; i < steps.Length; i++)
        {
            var last = i == steps.Length - 1;
            JsonNode Fresh() => last ? JsonValue.Create($"[{steps[^1]}]") : steps[i + 1] == "[]" ? new JsonArray() : new JsonObject();
            switch (at)
            {
                case JsonObject map when steps[i] != "[]" && map[steps[i]] is { } there:
                    at = there;
                    break;
                case JsonObject map when steps[i] != "[]":
                    map[steps[i]] = at = Fresh();
                    if (last) return true;
                    break;
                case JsonArray { Count: > 0 } list when steps[i] == "[]" && list[0] is { } first:
                    at = first;
                    break;
                case JsonArray list when steps[i] == "[]":
                    list.Add(at = Fresh());
                    if (last) return true;
                    break;
                default:
                    return false;
            }
        }
        return false;
    }
}
