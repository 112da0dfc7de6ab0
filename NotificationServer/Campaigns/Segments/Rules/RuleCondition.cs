using System.Globalization;
using System.Text.Json;

namespace NotificationServer.Campaigns.Segments.Rules;

/// One condition as it was written: hands out its values, each judged, and notes what is wrong with it.
internal sealed class RuleCondition
{
    public const int MaxText = 256;
    public const int MaxList = 1_000;
    private static readonly string[] Always = ["field", "op", "value"];

    private readonly JsonElement node;
    private readonly string at;
    private readonly RuleParameters parameters;
    private readonly List<PlanError> errors;
    private readonly List<RuleReference> references;

    public RuleCondition(JsonElement node, string at, RuleParameters parameters, List<PlanError> errors, List<RuleReference> references)
    {
        (this.node, this.at, this.parameters, this.errors, this.references) = (node, at, parameters, errors, references);
        Field = RequiredName("field");
        Op = RequiredName("op");
    }

    public string Field { get; }

    public string Op { get; }

    public JsonElement Value => node.TryGetProperty("value", out var value) ? value : default;

    public string Add(object value) => parameters.Add(value);

    public string AddFloor(int days) => parameters.AddFloor(days);

    public void Refer(ReferenceKind kind, string name, string member) => references.Add(new RuleReference(kind, name, $"{at}/{member}"));

    /// Says so, and stands for nobody.
    public string Wrong(string member, string code, string message)
    {
        errors.Add(new PlanError(member.Length == 0 ? at : $"{at}/{member}", code, message));
        return "false";
    }

    public string WrongOp(params string[] known) => Op.Length == 0 ? "false" : Wrong("op", "unknown_op", $"Use {string.Join(", ", known)}");

    /// Besides field, op and value.
    public void Allow(params string[] more)
    {
        foreach (var member in node.EnumerateObject().Where(member => !Always.Contains(member.Name) && !more.Contains(member.Name)))
            Wrong(member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), "unknown_property", "This is not known here");
    }

    public string NoValue(string condition) =>
        Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? condition : Wrong("value", "unexpected", $"{Op} takes no value");

    public bool TryText(out string text, string member = "value")
    {
        var given = node.TryGetProperty(member, out var found) ? found : default;
        text = given.ValueKind == JsonValueKind.String ? given.GetString()! : ""; // a string
        if (given.ValueKind != JsonValueKind.String) Wrong(member, given.ValueKind == JsonValueKind.Undefined ? "required" : "wrong_type", "This is a text");
        else if (!IsStorable(text)) Wrong(member, "invalid_text", $"1 to {MaxText} characters, no control characters");
        else return true;
        return false;
    }

    /// True with null: it was left out.
    public bool TryOptional(string member, out string? text)
    {
        text = null;
        if (!Has(member)) return true;
        var valid = TryText(out var found, member);
        text = valid ? found : null;
        return valid;
    }

    /// A list of texts, each of them valid.
    public bool TryTexts(out string[] texts, Func<string, bool>? isValid = null, string code = "invalid_text", string message = "")
    {
        texts = [];
        if (Value.ValueKind != JsonValueKind.Array)
        {
            Wrong("value", Value.ValueKind == JsonValueKind.Undefined ? "required" : "wrong_type", $"{Op} takes a list of texts");
            return false;
        }
        if (Value.GetArrayLength() is 0 or > MaxList)
        {
            Wrong("value", Value.GetArrayLength() == 0 ? "required" : "too_many", Value.GetArrayLength() == 0 ? "At least one value" : $"At most {MaxList} values");
            return false;
        }
        var (found, before) = (new List<string>(), errors.Count);
        foreach (var (place, item) in Value.EnumerateArray().Index())
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"value/{place}");
            var text = item.ValueKind == JsonValueKind.String ? item.GetString()! : null; // a string
            if (text is null) Wrong(member, "wrong_type", "This is a text");
            else if (!IsStorable(text)) Wrong(member, "invalid_text", $"1 to {MaxText} characters, no control characters");
            else if (isValid?.Invoke(text) == false) Wrong(member, code, message);
            else found.Add(text);
        }
        texts = [.. found.Distinct(StringComparer.Ordinal)];
        return errors.Count == before;
    }

    public bool TryNumber(out int number, int least, int most, string member = "value")
    {
        number = 0;
        var given = node.TryGetProperty(member, out var found) ? found : default;
        if (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out number) && number >= least && number <= most) return true;
        Wrong(member, given.ValueKind == JsonValueKind.Undefined ? "required" : "out_of_range", string.Create(CultureInfo.InvariantCulture, $"A whole number from {least} to {most}"));
        return false;
    }

    public bool Has(string member) => node.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null;

    private string RequiredName(string member)
    {
        if (node.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String) return found.GetString()!; // a string
        Wrong(member, found.ValueKind == JsonValueKind.Undefined ? "required" : "wrong_type", "This is a text");
        return "";
    }

    // A NUL, which PostgreSQL does not keep, is a control character; halves of characters are no JSON.
    private static bool IsStorable(string text) => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl);
}
