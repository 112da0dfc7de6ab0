using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Segments;

/// One condition, as it is typed and as it is stored. What was typed wrongly is stored in no way, but goes through as it is, so that the
/// rules themselves say what is wrong with it.
internal static class RuleLineJson
{
    public static JsonObject Of(RuleLine line)
    {
        var (field, op) = (line.FieldChoice, line.OpChoice);
        var rule = new JsonObject { ["field"] = field.IsAttribute ? $"attributes.{line.Attribute?.Trim()}" : field.Key, ["op"] = op.RuleOp };
        if (op.Fixed is { } truth) rule["value"] = truth;
        var value = line.Value?.Trim();
        switch (op.Shape)
        {
            case ValueShape.Texts: rule["value"] = Array(CommaList.Split(value)); break;
            case ValueShape.Platforms or ValueShape.Lists: rule["value"] = Array(line.Chosen.Order(StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.OrdinalIgnoreCase)); break;
            case ValueShape.Number or ValueShape.Days: rule["value"] = Number(value); break;
            case ValueShape.Text or ValueShape.Day: rule["value"] = value ?? ""; break;
            case ValueShape.Wish:
                rule["value"] = value ?? "in";
                rule["channel"] = line.Channel ?? "email";
                Add(rule, "category", line.Category);
                break;
            case ValueShape.Deed:
                rule["value"] = value ?? "opened";
                if (!string.IsNullOrWhiteSpace(line.Within)) rule["within_days"] = Number(line.Within.Trim());
                Add(rule, "template", line.Template);
                Add(rule, "campaign", line.Campaign);
                break;
            case ValueShape.Count:
                rule["value"] = Number(value);
                rule["within_days"] = Number(line.Within?.Trim());
                Add(rule, "category", line.Category);
                Add(rule, "template", line.Template);
                Add(rule, "channel", line.Channel);
                Add(rule, "campaign", line.Campaign);
                break;
            case ValueShape.None: break;
        }
        return rule;
    }

    public static RuleLine Line(JsonElement rule, int parent)
    {
        var (name, op) = (Text(rule, "field") ?? "", Text(rule, "op") ?? "");
        var value = rule.TryGetProperty("value", out var given) ? given : default;
        var line = new RuleLine
        {
            Stored = rule, Parent = parent, Channel = Text(rule, "channel"), Category = Text(rule, "category"), Template = Text(rule, "template"), Campaign = Text(rule, "campaign"),
            Within = rule.TryGetProperty("within_days", out var days) ? days.ToString() : null,
            Value = value.ValueKind == JsonValueKind.Array ? CommaList.Join(value.EnumerateArray().Select(one => one.ToString())) : value.ValueKind == JsonValueKind.Undefined ? null : value.ToString(),
            Chosen = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => one.ToString())] : [],
        };
        line.Field = name;
        if (name.StartsWith("attributes.", StringComparison.Ordinal))
        {
            line.Attribute = name["attributes.".Length..];
            line.Field = RuleChoices.Fields.Where(field => field.IsAttribute).FirstOrDefault(field => Fits(field, op, value))?.Key ?? "attribute:text";
        }
        line.Op = line.FieldChoice.Ops.FirstOrDefault(choice => choice.RuleOp == op && Fits(choice, value))?.Key ?? op;
        return line;
    }

    /// What the form shows of it: lines of which this is the same look the same, whatever is stored of them.
    public static string Shown(RuleLine line) =>
        $"{Of(line).ToJsonString()}\n{Given(line.Attribute)}\n{(line.OpChoice.Shape == ValueShape.Text ? Given(line.Value) : "")}";

    private static bool Fits(FieldChoice field, string op, JsonElement value) => field.Ops.Any(choice => choice.RuleOp == op && Fits(choice, value));

    private static bool Fits(OpChoice op, JsonElement value) => op switch
    {
        { Fixed: { } truth } => value.ValueKind == (truth ? JsonValueKind.True : JsonValueKind.False),
        { Shape: ValueShape.Text, Op: null } => value.ValueKind == JsonValueKind.String,
        { Shape: ValueShape.Number } => value.ValueKind == JsonValueKind.Number,
        _ => true,
    };

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonValue? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number)
            ? number == decimal.Truncate(number) && Math.Abs(number) < long.MaxValue ? JsonValue.Create((long)number) : JsonValue.Create(number)
            : JsonValue.Create(text ?? "");

    private static void Add(JsonObject rule, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) rule[name] = value.Trim();
    }

    // A form sends blanks alone as nothing.
    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string? Text(JsonElement rule, string name) => rule.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
