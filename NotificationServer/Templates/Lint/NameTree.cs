using System.Text.Json;

namespace NotificationServer.Templates.Lint;

/// The names that data has, or may have by its JSON Schema, as a tree. Paths are those of <see cref="TemplateVariable"/>: `order.number`,
/// `items[].title`.
internal sealed class NameTree
{
    // Words of JSON Schema that may say more than is read here.
    private static readonly string[] OtherWords = ["$ref", "allOf", "anyOf", "oneOf", "patternProperties", "if"];

    private readonly Dictionary<string, NameTree> members = new(StringComparer.Ordinal);
    private NameTree? item;
    /// Anything may be below: a schema that says no more, or says it in words that are not read here.
    private bool open;

    public static NameTree OfSchema(JsonElement schema)
    {
        var tree = new NameTree();
        if (schema.ValueKind != JsonValueKind.Object)
        {
            tree.open = true;
            return tree;
        }
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject()) tree.members[property.Name] = OfSchema(property.Value);
        if (schema.TryGetProperty("items", out var items)) tree.item = OfSchema(items);
        tree.open = IsOpen(schema, tree);
        return tree;
    }

    public static NameTree OfData(JsonElement data)
    {
        var tree = new NameTree();
        if (data.ValueKind == JsonValueKind.Object)
            foreach (var member in data.EnumerateObject()) tree.members[member.Name] = OfData(member.Value);
        else if (data.ValueKind == JsonValueKind.Array)
        {
            tree.item = new NameTree();
            foreach (var element in data.EnumerateArray()) tree.item.Take(OfData(element));
        }
        return tree;
    }

    public bool Has(string path)
    {
        var at = this;
        foreach (var step in Steps(path))
        {
            if (at.open) return true;
            if (at.Next(step) is { } next) at = next;
            else return at.item is not null && step == "length";
        }
        return true;
    }

    /// The names that nothing of <paramref name="used"/> touches. Where the whole of something is used, so is what is below it.
    public IEnumerable<string> Without(IReadOnlyCollection<string> used) => Leaves("")
        .Where(leaf => !used.Any(path => path == leaf || IsBelow(leaf, path) || IsBelow(path, leaf)));

    public static IEnumerable<string> Steps(string path)
    {
        foreach (var part in path.Split('.'))
        {
            var name = part.TrimEnd('[', ']');
            if (name.Length > 0) yield return int.TryParse(name, out _) ? "[]" : name;
            for (var at = name.Length; at + 1 < part.Length; at += 2) yield return "[]";
        }
    }

    private NameTree? Next(string step) => step == "[]" ? item : members.GetValueOrDefault(step);

    private void Take(NameTree other)
    {
        foreach (var (name, tree) in other.members)
            if (!members.TryAdd(name, tree)) members[name].Take(tree);
        if (other.item is not null) (item ??= new NameTree()).Take(other.item);
    }

    private IEnumerable<string> Leaves(string path)
    {
        if (members.Count == 0 && item is not { members.Count: > 0 }) return path.Length == 0 ? [] : [path];
        var below = members.SelectMany(member => member.Value.Leaves(path.Length == 0 ? member.Key : $"{path}.{member.Key}"));
        return item is null ? below : below.Concat(item.Leaves($"{path}[]"));
    }

    private static bool IsOpen(JsonElement schema, NameTree tree)
    {
        if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.True or JsonValueKind.Object) return true;
        if (OtherWords.Any(word => schema.TryGetProperty(word, out _))) return true;
        var says = tree.members.Count > 0 || tree.item is not null;
        var type = schema.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        return !says && (type is null or "object" or "array");
    }

    private static bool IsBelow(string path, string above) =>
        path.Length > above.Length && path.StartsWith(above, StringComparison.Ordinal) && (path[above.Length] is '.' or '[');
}
