using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Admin.Pages.Campaigns;

/// `order.number` as a field: taken out of the data, and put back into it.
internal static class DataPath
{
    /// What stands there, as text, and it is there no more; null: nothing does, or something that no field can hold.
    public static string? Take(JsonObject data, string path)
    {
        var steps = path.Split('.');
        var at = data;
        foreach (var step in steps.SkipLast(1))
        {
            if (at[step] is not JsonObject inner) return null;
            at = inner;
        }
        if (at[steps[^1]] is not JsonValue value) return null;
        at.Remove(steps[^1]);
        Prune(data, steps.SkipLast(1).ToArray());
        return value.TryGetValue<string>(out var text) ? text : value.ToJsonString();
    }

    /// A text; or a number or a truth value, where it was one before.
    public static void Put(JsonObject data, string path, string text, JsonElement? before)
    {
        var steps = path.Split('.');
        var at = data;
        foreach (var step in steps.SkipLast(1))
        {
            if (at[step] is not JsonObject inner) at[step] = inner = [];
            at = inner;
        }
        at[steps[^1]] = KindOf(before, steps) switch
        {
            JsonValueKind.Number when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            JsonValueKind.True or JsonValueKind.False when bool.TryParse(text, out var truth) => JsonValue.Create(truth),
            _ => JsonValue.Create(text),
        };
    }

    private static JsonValueKind KindOf(JsonElement? data, string[] steps)
    {
        if (data is not { } value) return JsonValueKind.Undefined;
        foreach (var step in steps)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value)) return JsonValueKind.Undefined;
        return value.ValueKind;
    }

    private static void Prune(JsonObject data, string[] steps)
    {
        if (steps.Length == 0) return;
        var at = data;
        foreach (var step in steps.SkipLast(1)) at = at[step]!.AsObject(); // Take came through there
        if (at[steps[^1]] is JsonObject { Count: 0 }) at.Remove(steps[^1]);
        Prune(data, steps[..^1]);
    }
}
