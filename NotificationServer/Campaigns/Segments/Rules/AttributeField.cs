using System.Text.Json;

namespace NotificationServer.Campaigns.Segments.Rules;

/// `attributes.plan`, `attributes.address.city`. Services store what they like, by JSON or by the file, so that a number may be text: what
/// the condition compares with says as what it is read.
internal static class AttributeField
{
    private const int MaxSteps = 5;
    private const int MaxStep = 100;
    private static readonly string[] Texts = ["is", "is_not", "in", "not_in", "contains", "not_contains", "starts_with"];
    private static readonly string[] Comparisons = ["less_than", "at_most", "more_than", "at_least"];
    private static readonly string[] Presences = ["exists", "missing"];

    public static string Compile(RuleCondition rule)
    {
        rule.Allow();
        var path = rule.Field[RuleFields.Attributes.Length..];
        var steps = path.Split('.');
        if (steps.Length > MaxSteps || steps.Any(step => step.Length is 0 or > MaxStep || step.Any(char.IsControl)))
            return rule.Wrong("field", "invalid_attribute", $"attributes. and 1 to {MaxSteps} names with dots between them");
        if (!Texts.Contains(rule.Op) && !Comparisons.Contains(rule.Op) && !Presences.Contains(rule.Op) && !Days.IsOp(rule.Op))
            return rule.WrongOp([.. Texts, .. Comparisons, .. Presences, .. Days.Ops]);

        // A file has columns like attributes.address.city, which are stored under that very name.
        var said = steps.Length == 1 ? $"(u.attributes ->> {rule.Add(path)}::text)"
            : $"coalesce(u.attributes ->> {rule.Add(path)}::text, u.attributes #>> {rule.Add(steps)}::text[])";
        return rule.Op switch
        {
            "exists" => rule.NoValue($"{said} is not null"),
            "missing" => rule.NoValue($"{said} is null"),
            "is" or "is_not" => PersonFields.Unless(rule.Op == "is_not", Is(rule, said)),
            "in" or "not_in" => rule.TryTexts(out var texts) ? PersonFields.Unless(rule.Op == "not_in", $"{said} = any({rule.Add(texts)}::text[])") : "false",
            "contains" or "not_contains" => rule.TryText(out var part)
                ? PersonFields.Unless(rule.Op == "not_contains", $"position(lower({rule.Add(part)}::text) in lower({said})) > 0") : "false",
            "starts_with" => rule.TryText(out var start) ? $"starts_with(lower({said}), lower({rule.Add(start)}::text))" : "false",
            _ when Days.IsOp(rule.Op) => Days.OfDay(rule, $"day_in({said})"),
            _ => TryNumber(rule, out var number) ? $"number_in({said}) {Sign(rule.Op)} {rule.Add(number)}::numeric" : "false",
        };
    }

    private static string Is(RuleCondition rule, string said) => rule.Value.ValueKind switch
    {
        JsonValueKind.True => $"lower({said}) = 'true'",
        JsonValueKind.False => $"lower({said}) = 'false'",
        JsonValueKind.Number => TryNumber(rule, out var number) ? $"number_in({said}) = {rule.Add(number)}::numeric" : "false",
        _ => rule.TryText(out var text) ? $"{said} = {rule.Add(text)}::text" : "false",
    };

    private static bool TryNumber(RuleCondition rule, out decimal number)
    {
        number = 0;
        if (rule.Value.ValueKind == JsonValueKind.Number && rule.Value.TryGetDecimal(out number)) return true;
        rule.Wrong("value", rule.Value.ValueKind == JsonValueKind.Number ? "out_of_range" : "wrong_type", "This is a number");
        return false;
    }

    private static string Sign(string op) => op switch
    {
        "less_than" => "<",
        "at_most" => "<=",
        "more_than" => ">",
        _ => ">=",
    };
}
