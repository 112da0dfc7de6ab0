using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Schemas;

/// One look at one notification's data. Bounded in steps: a small schema and 256 KB of data could otherwise keep a processor busy.
internal sealed class SchemaCheck
{
    private const int MaxSteps = 200_000;
    private const int MaxFaults = 20;

    private readonly List<DataFault> faults = [];
    private readonly List<(string? Name, int Index)> path = [];
    private int steps;
    private int quiet;

    public IReadOnlyList<DataFault> Run(SchemaNode root, JsonElement data)
    {
        Fits(root, data);
        return steps > MaxSteps ? [new DataFault("", "too_complex", "this is more than can be held against the template's schema")] : faults;
    }

    private bool Fits(SchemaNode node, JsonElement value)
    {
        if (++steps > MaxSteps) return false;
        if (node.Never) return Fault("not_in_schema", "the template's schema allows nothing here");

        var fits = FitsType(node, value) && FitsEnum(node, value);
        fits &= value.ValueKind switch
        {
            JsonValueKind.String => FitsText(node, value),
            JsonValueKind.Number => FitsNumber(node, value),
            JsonValueKind.Array => FitsList(node, value),
            JsonValueKind.Object => FitsObject(node, value),
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => true,
        };
        if (node.Reference is { } reference) fits &= Fits(reference, value);
        foreach (var one in node.AllOf) fits &= Fits(one, value);
        if (node.AnyOf.Count > 0 && !node.AnyOf.Any(one => Quietly(one, value))) fits = Fault("no_match", "none of the schema's choices fits");
        if (node.OneOf.Count > 0 && node.OneOf.Count(one => Quietly(one, value)) != 1) fits = Fault("no_match", "not exactly one of the schema's choices fits");
        if (node.Not is { } not && Quietly(not, value)) fits = Fault("not_allowed", "the template's schema excludes this");
        return fits;
    }

    private bool Quietly(SchemaNode node, JsonElement value)
    {
        quiet++;
        var fits = Fits(node, value);
        quiet--;
        return fits;
    }

    private bool FitsType(SchemaNode node, JsonElement value)
    {
        if (node.Types == JsonTypes.None) return true;
        var type = value.ValueKind switch
        {
            JsonValueKind.String => JsonTypes.String,
            JsonValueKind.Number => IsWhole(value) ? JsonTypes.Number | JsonTypes.Integer : JsonTypes.Number,
            JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
            JsonValueKind.Array => JsonTypes.Array,
            JsonValueKind.Object => JsonTypes.Object,
            JsonValueKind.Null or JsonValueKind.Undefined => JsonTypes.Null,
        };
        return (node.Types & type) != 0 || Fault("wrong_type", $"must be {node.Types.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal)}");
    }

    private bool FitsEnum(SchemaNode node, JsonElement value) =>
        node.Enum is null || node.Enum.Any(one => JsonElement.DeepEquals(one, value)) || Fault("not_allowed", "not one of the values that the schema lists");

    private bool FitsText(SchemaNode node, JsonElement value)
    {
        if (node is { MinLength: null, MaxLength: null, Pattern: null, Format: null }) return true;
        var text = value.GetString() ?? "";
        // In characters, of which a rare one is two places in a .NET string.
        var length = text.Length - text.Count(char.IsLowSurrogate);
        var fits = (node.MinLength is not { } min || length >= min) && (node.MaxLength is not { } max || length <= max)
            || Fault("invalid_length", Between("characters", node.MinLength, node.MaxLength));
        if (node.Pattern is { } pattern && !Matches(pattern, text)) fits = Fault("invalid_format", "does not match the pattern");
        if (node.Format is { } format && !Formats.Known[format](text)) fits = Fault("invalid_format", $"is not a {format}");
        return fits;
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool FitsNumber(SchemaNode node, JsonElement value)
    {
        var fits = (node.Minimum is not { } min || Compare(value, min) >= 0) && (node.Maximum is not { } max || Compare(value, max) <= 0)
            && (node.Above is not { } above || Compare(value, above) > 0) && (node.Below is not { } below || Compare(value, below) < 0)
            || Fault("out_of_range", "outside of the range that the schema allows");
        if (node.MultipleOf is { } step && !(value.TryGetDecimal(out var exact) ? exact % step == 0 : value.GetDouble() % (double)step == 0))
            fits = Fault("out_of_range", $"must be a multiple of {step.ToString(CultureInfo.InvariantCulture)}");
        return fits;
    }

    private bool FitsList(SchemaNode node, JsonElement value)
    {
        var count = value.GetArrayLength();
        var fits = (node.MinItems is not { } min || count >= min) && (node.MaxItems is not { } max || count <= max)
            || Fault("invalid_length", Between("items", node.MinItems, node.MaxItems));
        if (node.UniqueItems && !AllDiffer([.. value.EnumerateArray()])) fits = Fault("duplicate", "items must differ from each other");
        if (node.Items is { } items)
            foreach (var (index, item) in value.EnumerateArray().Index()) fits &= Inside((null, index), items, item);
        return fits;
    }

    private bool AllDiffer(JsonElement[] items)
    {
        for (var i = 0; i < items.Length; i++)
            for (var j = 0; j < i; j++)
                if (++steps > MaxSteps || JsonElement.DeepEquals(items[i], items[j])) return false;
        return true;
    }

    private bool FitsObject(SchemaNode node, JsonElement value)
    {
        var fits = true;
        foreach (var name in node.Required)
        {
            if (value.TryGetProperty(name, out _)) continue;
            path.Add((name, 0));
            fits = Fault("missing_variable", $"The template needs a value for {name}.");
            path.RemoveAt(path.Count - 1);
        }
        foreach (var member in value.EnumerateObject())
            if ((node.Properties.GetValueOrDefault(member.Name) ?? node.AdditionalProperties) is { } inner) fits &= Inside((member.Name, 0), inner, member.Value);

        if (node.MinProperties is null && node.MaxProperties is null) return fits;
        var count = value.GetPropertyCount();
        return fits & ((node.MinProperties is not { } min || count >= min) && (node.MaxProperties is not { } max || count <= max)
            || Fault("invalid_length", Between("members", node.MinProperties, node.MaxProperties)));
    }

    private bool Inside((string? Name, int Index) step, SchemaNode node, JsonElement value)
    {
        path.Add(step);
        var fits = Fits(node, value);
        path.RemoveAt(path.Count - 1);
        return fits;
    }

    private bool Fault(string code, string message)
    {
        if (quiet == 0 && faults.Count < MaxFaults) faults.Add(new DataFault(Pointer(), code, message));
        return false;
    }

    private string Pointer()
    {
        var pointer = new StringBuilder();
        foreach (var (name, index) in path)
        {
            pointer.Append('/');
            if (name is null) pointer.Append(index);
            else pointer.Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }
        return pointer.ToString();
    }

    private static string Between(string what, int? min, int? max) => (min, max) switch
    {
        ({ } low, { } high) => $"must have {low} to {high} {what}",
        ({ } low, null) => $"must have at least {low} {what}",
        _ => $"must have at most {max} {what}",
    };

    // 1.0 is a whole number, as the draft has it.
    private static bool IsWhole(JsonElement value) => value.TryGetInt64(out _)
        || (value.TryGetDecimal(out var exact) ? exact % 1 == 0 : value.GetDouble() is var much && Math.Floor(much) == much);

    private static int Compare(JsonElement value, decimal bound) =>
        value.TryGetDecimal(out var exact) ? exact.CompareTo(bound) : value.GetDouble().CompareTo((double)bound);
}
