using System.Text.Encodings.Web;
using System.Text.Json;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Admin.Pages.Audit;

/// One thing that is not as it was. Null: it was not there, or is not there any more.
internal sealed record AuditChange(string Name, string? Before, string? After);

/// What changed, and nothing that stayed as it was.
internal static class AuditDiff
{
    private const int Longest = 2_000;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // for eyes; the page encodes it for HTML

    /// Names under which personal data stands: masked for those who see it so elsewhere.
    private static readonly string[] PersonalNames = ["email", "phone", "address", "token", "to"];

    public static IReadOnlyList<AuditChange> Of(string? before, string? after, bool personal)
    {
        var (was, now) = (Flat(before), Flat(after));
        return [.. was.Keys.Union(now.Keys)
            .Select(name => new AuditChange(name, was.GetValueOrDefault(name), now.GetValueOrDefault(name)))
            .Where(change => change.Before != change.After)
            .Select(change => personal ? change : Hidden(change))];
    }

    private static AuditChange Hidden(AuditChange change) => PersonalNames.Contains(change.Name.Split('.')[^1], StringComparer.OrdinalIgnoreCase)
        ? change with { Before = Hide(change.Before), After = Hide(change.After) } : change;

    private static string? Hide(string? value) => value is null ? null : Masked.Any(value);

    private static Dictionary<string, string> Flat(string? json)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is not null) Put(flat, "", JsonElement.Parse(json));
        return flat;
    }

    private static void Put(Dictionary<string, string> flat, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Put(flat, name.Length == 0 ? member.Name : $"{name}.{member.Name}", member.Value);
                break;
            // What was stored as JSON within JSON is looked into all the same.
            case JsonValueKind.String when value.GetString() is ['{', .., '}'] text && Parsed(text) is { } within:
                Put(flat, name, within);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String or JsonValueKind.Number):
                if (value.GetArrayLength() > 0) flat[name] = Short(string.Join(", ", value.EnumerateArray()));
                break;
            // Things with a key are followed by it, whatever their place.
            case JsonValueKind.Array when value.EnumerateArray().All(one => KeyOf(one) is not null):
                foreach (var one in value.EnumerateArray()) Put(flat, $"{name}.{KeyOf(one)}", one);
                break;
            case JsonValueKind.Array:
                flat[name] = Short(JsonSerializer.Serialize(value, Plain));
                break;
            default:
                flat[name] = Short(value.ToString());
                break;
        }
    }

    private static string? KeyOf(JsonElement one) => one.ValueKind == JsonValueKind.Object && (one.TryGetProperty("key", out var key) || one.TryGetProperty("Key", out key))
        && key.ValueKind == JsonValueKind.String ? key.GetString() : null;

    private static string Short(string text) => text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "…") : text;

    private static JsonElement? Parsed(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
