using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Schemas;

/// Turns a schema's text into nodes, or says which keyword will not do.
internal sealed class SchemaReader(JsonElement document, string pointer, List<TemplateError> errors)
{
    private const int MaxPattern = 256;
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Definitions = ["$defs", "definitions"];

    /// Said about the data, but nothing that it could fail.
    private static readonly HashSet<string> Notes = new(
        ["$schema", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"], StringComparer.Ordinal);

    private readonly Dictionary<string, SchemaNode> definitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> inProgress = new(StringComparer.Ordinal);
    private readonly int errorsBefore = errors.Count;

    public SchemaNode? Read()
    {
        if (document.ValueKind == JsonValueKind.Object && document.TryGetProperty("$schema", out var draft)
            && (draft.ValueKind != JsonValueKind.String || draft.GetString()?.TrimEnd('#') != DataSchema.Draft))
            Refuse("/$schema", "unsupported_draft", $"leave it out, or say {DataSchema.Draft}");
        if (document.ValueKind != JsonValueKind.Object) Refuse("", "not_an_object", "a schema is a JSON object");
        var root = errors.Count == errorsBefore ? Node(document, "", 1) : null;
        // One that nothing refers to must be right all the same: it will be referred to one day.
        foreach (var name in Definitions)
            if (root is not null && document.TryGetProperty(name, out var all)) Map(all, "/" + name, 1);
        return errors.Count == errorsBefore ? root : null;
    }

    private SchemaNode? Node(JsonElement source, string at, int depth)
    {
        if (source.ValueKind is JsonValueKind.True or JsonValueKind.False) return new SchemaNode { Never = source.ValueKind == JsonValueKind.False };
        if (source.ValueKind != JsonValueKind.Object) return Refuse(at, "not_an_object", "a schema is a JSON object, true or false");
        if (depth > DataSchema.MaxDepth) return Refuse(at, "too_deep", $"nested deeper than {DataSchema.MaxDepth}");

        var node = new SchemaNode();
        foreach (var keyword in source.EnumerateObject())
        {
            if (Keyword(node, keyword.Name, keyword.Value, $"{at}/{Escaped(keyword.Name)}", depth) is { } next) node = next;
        }
        return node;
    }

    private SchemaNode? Keyword(SchemaNode node, string name, JsonElement value, string at, int depth) => name switch
    {
        "type" => node with { Types = Types(value, at) },
        "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? node with { Enum = [.. value.EnumerateArray().Select(one => one.Clone())] } : Refuse(at, "wrong_type", "a list of values"),
        "const" => node with { Enum = [value.Clone()] },
        "$ref" => node with { Reference = Reference(value, at, depth) },
        "allOf" => node with { AllOf = List(value, at, depth) },
        "anyOf" => node with { AnyOf = List(value, at, depth) },
        "oneOf" => node with { OneOf = List(value, at, depth) },
        "not" => node with { Not = Node(value, at, depth + 1) },
        "minimum" => node with { Minimum = Number(value, at) },
        "maximum" => node with { Maximum = Number(value, at) },
        "exclusiveMinimum" => node with { Above = Number(value, at) },
        "exclusiveMaximum" => node with { Below = Number(value, at) },
        "multipleOf" => Number(value, at) is > 0 and var step ? node with { MultipleOf = step } : Refuse(at, "out_of_range", "a number above 0"),
        "minLength" => node with { MinLength = Count(value, at) },
        "maxLength" => node with { MaxLength = Count(value, at) },
        "pattern" => node with { Pattern = Pattern(value, at) },
        "format" => Formats.Known.ContainsKey(Text(value, at)) ? node with { Format = Text(value, at) }
            : Refuse(at, "unsupported_format", $"one of {string.Join(", ", Formats.Known.Keys)}"),
        "items" => node with { Items = Node(value, at, depth + 1) },
        "minItems" => node with { MinItems = Count(value, at) },
        "maxItems" => node with { MaxItems = Count(value, at) },
        "uniqueItems" => node with { UniqueItems = value.ValueKind == JsonValueKind.True },
        "properties" => node with { Properties = Map(value, at, depth) },
        "required" => node with { Required = Names(value, at) },
        "additionalProperties" => node with { AdditionalProperties = Node(value, at, depth + 1) },
        "minProperties" => node with { MinProperties = Count(value, at) },
        "maxProperties" => node with { MaxProperties = Count(value, at) },
        _ => Notes.Contains(name) ? node : Refuse(at, "unsupported_keyword", $"'{(name.Length <= 40 ? name : name[..40])}' is not offered: see the documentation for the keywords that are"),
    };

    private SchemaNode? Reference(JsonElement value, string at, int depth)
    {
        var target = Text(value, at);
        var parts = target.Split('/');
        if (parts is not ["#", var holder, var name] || !Definitions.Contains(holder))
            return Refuse(at, "unsupported_reference", "a reference is #/$defs/name: nothing is fetched from elsewhere");
        if (definitions.TryGetValue(target, out var known)) return known;
        if (!document.TryGetProperty(holder, out var all) || all.ValueKind != JsonValueKind.Object || !all.TryGetProperty(Unescaped(name), out var source))
            return Refuse(at, "unknown_reference", "there is no such definition");
        if (!inProgress.Add(target)) return Refuse(at, "recursive_schema", "a schema cannot refer to itself");

        var node = Node(source, $"/{holder}/{name}", depth + 1);
        inProgress.Remove(target);
        if (node is not null) definitions[target] = node;
        return node;
    }

    private List<SchemaNode> List(JsonElement value, string at, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) Refuse(at, "wrong_type", "a list of schemas");
        else return [.. value.EnumerateArray().Select((one, i) => Node(one, $"{at}/{i}", depth + 1)).OfType<SchemaNode>()];
        return [];
    }

    private Dictionary<string, SchemaNode> Map(JsonElement value, string at, int depth)
    {
        var map = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object) Refuse(at, "wrong_type", "an object of schemas");
        else
            foreach (var member in value.EnumerateObject())
                if (Node(member.Value, $"{at}/{Escaped(member.Name)}", depth + 1) is { } node) map[member.Name] = node;
        return map;
    }

    private JsonTypes Types(JsonElement value, string at)
    {
        var types = JsonTypes.None;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
        {
            var type = one.ValueKind == JsonValueKind.String && one.GetString() is { } name && !name.Contains(',', StringComparison.Ordinal)
                && name.All(char.IsAsciiLetterLower) && Enum.TryParse<JsonTypes>(name, ignoreCase: true, out var known) ? known : JsonTypes.None;
            if (type == JsonTypes.None) Refuse(at, "unknown_type", "string, number, integer, boolean, array, object, null, or a list of them");
            types |= type;
        }
        if (types == JsonTypes.None) Refuse(at, "unknown_type", "name a type, or leave it out");
        return types;
    }

    private Regex? Pattern(JsonElement value, string at)
    {
        var text = Text(value, at);
        try
        {
            // Never one that backtracks: who writes the schema does not choose how long the data is.
            if (text.Length <= MaxPattern) return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTime);
            Refuse(at, "too_large", $"a pattern is at most {MaxPattern} characters");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Refuse(at, "invalid_pattern", "not a regular expression, or one that looks ahead, behind or back");
        }
        return null;
    }

    private List<string> Names(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(one => one.GetString() ?? "").Distinct(StringComparer.Ordinal)];
        Refuse(at, "wrong_type", "a list of names");
        return [];
    }

    private string Text(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String) return value.GetString() ?? "";
        Refuse(at, "wrong_type", "a text");
        return "";
    }

    private decimal? Number(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        Refuse(at, "wrong_type", "a number of at most 28 digits");
        return null;
    }

    private int? Count(JsonElement value, string at)
    {
        if (Number(value, at) is { } number && number >= 0 && number <= int.MaxValue && number % 1 == 0) return (int)number;
        Refuse(at, "out_of_range", "a whole number from 0");
        return null;
    }

    private SchemaNode? Refuse(string at, string code, string message)
    {
        errors.Add(new TemplateError(pointer + at, code, message));
        return null;
    }

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescaped(string name) => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
