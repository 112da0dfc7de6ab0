using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Benchmarks.Fuzz;

/// Makes the body of a request: the valid one of the description, that one with something broken, one that only fits the schema, or anything.
internal sealed class Bodies(Contract contract, Random random)
{
    private const int Deepest = 5;
    // Stands in a tree for JSON that no tree can hold, and is replaced in its text.
    private const string Mark = "\uE000";
    private readonly List<string> raw = [];
    private int events;

    public byte[] Of(FuzzRoute route)
    {
        raw.Clear();
        if (route.MediaType?.Contains("json", StringComparison.Ordinal) != true) return Encoding.UTF8.GetBytes(Lines(route.MediaType ?? ""));
        var dice = random.NextDouble();
        var text = dice switch
        {
            < 0.25 => Text(Fresh(Valid(route))),
            < 0.72 => Text(Broken(Fresh(Valid(route)), route)),
            < 0.87 => Text(Fresh(Fitting(route.Schema, 0))),
            < 0.94 => Text(Anything(0)),
            _ => "",
        };
        var bytes = Encoding.UTF8.GetBytes(dice >= 0.94 && random.Chance(0.5) ? Text(Valid(route)) : text);
        return dice >= 0.94 || random.Chance(0.05) ? Damaged(bytes) : bytes;
    }

    private static JsonNode? Valid(FuzzRoute route) => route.Example is { } example ? JsonNode.Parse(example) : new JsonObject();

    /// Another event each time, for a repeated one is answered without being looked at.
    private JsonNode? Fresh(JsonNode? body)
    {
        if (body is JsonObject root && root.ContainsKey("event_id") && random.Chance(0.8)) root["event_id"] = $"fuzz:{++events}";
        return body;
    }

    private JsonNode? Broken(JsonNode? body, FuzzRoute route)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            if (random.Chance(0.2) && body is JsonObject root) AddKnown(root, contract.Resolve(route.Schema));
            else body = Break(body);
        }
        return body;
    }

    private JsonNode? Break(JsonNode? body)
    {
        var places = new List<JsonNode>();
        Collect(body, places);
        if (places.Count == 0 || random.Chance(0.03)) return Hostile();
        switch (places[random.Next(places.Count)])
        {
            case JsonObject { Count: > 0 } one:
                var name = one.ElementAt(random.Next(one.Count)).Key;
                if (random.Chance(0.2)) one.Remove(name);
                else if (random.Chance(0.1)) one[random.Any(["isAdmin", "status", "client_id", "", "__proto__", "id", name.ToUpperInvariant()])] = Hostile();
                else one[name] = Hostile();
                break;
            case JsonObject empty:
                empty["nope"] = Hostile();
                break;
            case JsonArray list when list.Count > 0 && random.Chance(0.4):
                for (var copies = random.Chance(0.1) ? 1_500 : random.Next(1, 4); copies > 0; copies--) list.Add(list[0]?.DeepClone());
                break;
            case JsonArray list when list.Count > 0:
                list[random.Next(list.Count)] = Hostile();
                break;
            case JsonArray list:
                list.Add(Hostile());
                break;
        }
        return body;
    }

    /// A field that the schema knows and the example does not show.
    private void AddKnown(JsonObject root, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties)) return;
        var all = properties.EnumerateObject().ToList();
        if (all.Count > 0 && all[random.Next(all.Count)] is var one) root[one.Name] = random.Chance(0.3) ? Hostile() : Fitting(one.Value, 1);
    }

    private JsonNode? Fitting(JsonElement given, int depth)
    {
        var schema = contract.Resolve(given);
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest) return Hostile();
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
            if (schema.TryGetProperty(choice, out var choices) && choices.GetArrayLength() > 0) return Fitting(choices[random.Next(choices.GetArrayLength())], depth + 1);
        if (schema.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0) return JsonNode.Parse(values[random.Next(values.GetArrayLength())].GetRawText());
        if (schema.TryGetProperty("properties", out var properties))
        {
            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
            var made = new JsonObject();
            foreach (var one in properties.EnumerateObject())
                if (required.Contains(one.Name) || random.Chance(0.5)) made[one.Name] = Fitting(one.Value, depth + 1);
            return made;
        }
        return TypeOf(schema) switch
        {
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => schema.TryGetProperty("items", out var items) ? Fitting(items, depth + 1) : Hostile())]),
            "object" => Anything(2),
            "integer" => random.Next(-2, 2_000),
            "number" => random.NextDouble() * 100,
            "boolean" => random.Chance(0.5),
            "null" => null,
            "string" => random.Chance(0.5) ? Hostile() : random.Any(["x", "email", "sms", "orders", "ann@example.org", "+15005550006", "2027-01-01T00:00:00Z", "hello {{name}}"]),
            _ => Hostile(),
        };
    }

    private string? TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.Array ? type[random.Next(type.GetArrayLength())].GetString() : type.GetString();

    private JsonNode? Anything(int depth) => random.Next(depth > Deepest ? 1 : 5) switch
    {
        0 or 1 => Hostile(),
        2 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Anything(depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(n => KeyValuePair.Create($"{(char)('a' + random.Next(26))}{n}", Anything(depth + 1)))),
    };

    private JsonNode? Hostile()
    {
        raw.Add(random.NextDouble() switch
        {
            < 0.03 => $"\"{new string('w', random.Next(60_000))}\"",
            < 0.05 => $"{new string('[', 100)}{new string(']', 100)}",
            _ => random.Any(Nasty.Json),
        });
        return $"{Mark}{raw.Count - 1}{Mark}";
    }

    private string Text(JsonNode? body)
    {
        var text = new StringBuilder(body?.ToJsonString() ?? "null");
        for (var at = 0; at < raw.Count; at++) text.Replace($"\"\\uE000{at}\\uE000\"", raw[at]);
        return text.ToString();
    }

    private byte[] Damaged(byte[] bytes)
    {
        var damaged = bytes.ToList();
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            var at = random.Next(damaged.Count + 1);
            if (at < damaged.Count && random.Chance(0.4)) damaged[at] = (byte)random.Next(256);
            else if (at < damaged.Count && random.Chance(0.4)) damaged.RemoveRange(at, Math.Min(random.Next(1, 20), damaged.Count - at));
            else damaged.Insert(at, (byte)random.Next(256));
        }
        return [.. damaged];
    }

    private string Lines(string mediaType) => mediaType.Contains("csv", StringComparison.Ordinal)
        ? $"user_id,email,attributes.note\nfuzz-{random.Next(50)},{random.Any(Nasty.Text)},{random.Any(Nasty.Text)}\n{random.Any(Nasty.Text)},,\n"
        : string.Join('\n', Enumerable.Range(0, random.Next(4)).Select(n => $"{{\"user_id\":\"fuzz-{n}\",\"attributes\":{random.Any(Nasty.Json)}}}"));

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject or JsonArray) places.Add(node);
        if (node is JsonObject one) foreach (var (_, value) in one) Collect(value, places);
        if (node is JsonArray list) foreach (var item in list.Take(20)) Collect(item, places);
    }
}
