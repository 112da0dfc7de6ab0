using System.Globalization;
using System.Text.Json;

namespace NotificationServer.Campaigns.Segments.Rules;

/// From the tree that a marketer builds to a condition over `users u`:
/// groups are `{"all": [...]}`, `{"any": [...]}` and `{"not": {...}}`, conditions `{"field": ..., "op": ..., "value": ...}`.
internal sealed class RuleCompiler
{
    public const int MaxDepth = 8;
    public const int MaxConditions = 100;
    private const int MostErrors = 100;

    private readonly RuleParameters parameters;
    private readonly List<PlanError> errors = [];
    private readonly List<RuleReference> references = [];
    private int conditions;

    private RuleCompiler(RuleParameters parameters) => this.parameters = parameters;

    /// Condition is only worth something without errors. Pointers begin at the tree's root.
    internal sealed record Compiled(string Condition, IReadOnlyList<PlanError> Errors, IReadOnlyList<RuleReference> References);

    public static Compiled Compile(JsonElement rules, RuleParameters parameters)
    {
        var compiler = new RuleCompiler(parameters);
        var condition = compiler.Node(rules, "", 1);
        return new Compiled(condition, compiler.errors, compiler.references);
    }

    private string Node(JsonElement node, string at, int depth)
    {
        if (node.ValueKind != JsonValueKind.Object) return Wrong(at, "wrong_type", "A rule is an object: a group or a condition");
        if (node.TryGetProperty("field", out _)) return Condition(node, at);

        var members = node.EnumerateObject().ToArray();
        if (members is not [var group]) return Wrong(at, "unknown_rule", "A rule has all, any or not, or else field, op and value");
        if (depth > MaxDepth) return Wrong(at, "too_deep", $"At most {MaxDepth} groups within each other");
        return group.Name switch
        {
            "all" => Group(group.Value, $"{at}/all", " and ", depth),
            "any" => Group(group.Value, $"{at}/any", " or ", depth),
            // What is not known of a person is not so: without this, nobody without a country would be outside Germany.
            "not" => $"not coalesce({Node(group.Value, $"{at}/not", depth + 1)}, false)",
            _ => Wrong($"{at}/{Escape(group.Name)}", "unknown_rule", "A rule has all, any or not, or else field, op and value"),
        };
    }

    private string Group(JsonElement list, string at, string joined, int depth)
    {
        if (list.ValueKind != JsonValueKind.Array) return Wrong(at, "wrong_type", "This is a list of rules");
        if (list.GetArrayLength() == 0)
        {
            // Everybody has to be said by the whole tree: in a group it is more likely a condition that somebody forgot.
            return depth == 1 && joined == " and " ? "true" : Wrong(at, "empty_group", "A group has at least one condition");
        }
        var parts = new List<string>();
        foreach (var (place, item) in list.EnumerateArray().Index())
        {
            if (errors.Count >= MostErrors || conditions > MaxConditions) break;
            parts.Add(Node(item, string.Create(CultureInfo.InvariantCulture, $"{at}/{place}"), depth + 1));
        }
        return $"({string.Join(joined, parts)})";
    }

    private string Condition(JsonElement node, string at)
    {
        if (++conditions > MaxConditions) return Wrong(at, "too_many", $"At most {MaxConditions} conditions");
        return RuleFields.Compile(new RuleCondition(node, at, parameters, errors, references));
    }

    private string Wrong(string pointer, string code, string message)
    {
        errors.Add(new PlanError(pointer, code, message));
        return "false";
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
