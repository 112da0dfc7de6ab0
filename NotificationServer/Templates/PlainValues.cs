using System.Text.Json;

namespace NotificationServer.Templates;

/// The only objects that a template ever sees. They carry the budget of the rendering they belong to, so that a loop pays
/// for each turn even if it writes nothing.
internal interface IPlainValue
{
    RenderBudget Budget { get; }
}

internal sealed class PlainMap(RenderBudget budget, int capacity = 0) : Dictionary<string, object?>(capacity, StringComparer.Ordinal), IPlainValue
{
    public RenderBudget Budget => budget;
}

internal sealed class PlainList(RenderBudget budget, int capacity = 0) : List<object?>(capacity), IPlainValue
{
    public RenderBudget Budget => budget;
}

internal static class PlainValues
{
    private static readonly Dictionary<string, string> NoLinks = [];

    /// The data of one rendering, with what is the person's own: their links, and their profile where the words speak of it.
    public static object? Copy(JsonElement value, RenderSetting setting, RenderBudget budget)
    {
        var copy = Copy(value, budget);
        if (copy is not PlainMap map) return copy;
        foreach (var (name, link) in setting.Links ?? NoLinks) map[name] = link;
        if (setting.Person is not { } person) return map;
        // A caller's own word of that name, which is no profile, stays.
        var own = map.GetValueOrDefault(PersonVariables.Root);
        if (own is null or PlainMap) map[PersonVariables.Root] = person.Copy(budget, own as PlainMap);
        return map;
    }

    /// Depth is bounded by the JSON reader (64), so that recursion is safe here.
    public static object? Copy(JsonElement value, RenderBudget budget) => value.ValueKind switch
    {
        JsonValueKind.Object => CopyObject(value, budget),
        JsonValueKind.Array => CopyArray(value, budget),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => CopyNumber(value),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
    };

    /// <param name="names">Those of the object before it in a list: most likely its own as well, and then not made anew.</param>
    private static PlainMap CopyObject(JsonElement value, RenderBudget budget, List<string>? names = null)
    {
        var map = new PlainMap(budget, value.GetPropertyCount());
        var index = 0;
        foreach (var property in value.EnumerateObject())
        {
            var name = names is not null && index < names.Count && property.NameEquals(names[index]) ? names[index] : property.Name;
            if (names is not null && index == names.Count) names.Add(name);
            index++;
            map[name] = Copy(property.Value, budget);
        }
        return map;
    }

    private static PlainList CopyArray(JsonElement value, RenderBudget budget)
    {
        var list = new PlainList(budget, value.GetArrayLength());
        var names = new List<string>();
        foreach (var item in value.EnumerateArray())
            list.Add(item.ValueKind == JsonValueKind.Object ? CopyObject(item, budget, names) : Copy(item, budget));
        return list;
    }

    // decimal before double: 19.90 is printed as 19.90.
    private static object CopyNumber(JsonElement value) =>
        value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var exact) ? exact : value.GetDouble();
}
