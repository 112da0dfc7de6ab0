using System.Text.Json;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Segments;

/// Rules as a sentence: "Country is one of DE, AT and plan is “pro”".
internal static class RuleWords
{
    private const int MostParts = 6;

    public static string Sentence(JsonElement? rules)
    {
        if (rules is not { } tree) return "People named one by one";
        var lines = RuleTree.Lines(tree);
        if (lines.Count == 1) return "Everybody we know";
        var said = Group(lines, 0, isRoot: true);
        return char.ToUpperInvariant(said[0]) + said[1..];
    }

    public static string Condition(RuleLine line)
    {
        var (field, op) = (line.FieldChoice, line.OpChoice);
        var name = field.IsAttribute ? line.Attribute ?? "" : field.Label.ToLowerInvariant();
        return op.Shape switch
        {
            ValueShape.None => $"{name} {op.Label}",
            ValueShape.Texts => $"{name} {op.Label} {line.Value}",
            ValueShape.Platforms => $"{name} {op.Label} {string.Join(", ", line.Chosen.Select(RuleChoices.Platform))}",
            ValueShape.Lists => $"{(op.Key == "in" ? "on" : "not on")} {(line.Chosen.Length == 1 ? "a list" : $"one of {line.Chosen.Length} lists")}",
            ValueShape.Days when op.Key == "anniversary_in_days" && line.Value == "0" => $"{name} has its anniversary today",
            ValueShape.Days => $"{name} {op.Label} {line.Value} {(line.Value == "1" ? "day" : "days")}",
            ValueShape.Wish => $"{Words.Channel(line.Channel ?? "")} {(line.Category is { Length: > 0 } category ? $"about {category} " : "")}is {(line.Value == "out" ? "not wanted" : "wanted")}",
            ValueShape.Deed => $"has {(op.Key == "did" ? "" : "not ")}{line.Value} {(line.Template is { Length: > 0 } template ? template : line.Campaign is { Length: > 0 } ? "a campaign" : op.Key == "did" ? "something" : "anything")}{Within(line)}",
            ValueShape.Count => $"received {(op.Key == "at_least" ? "at least" : "fewer than")} {line.Value}{(line.Category is { Length: > 0 } about ? $" about {about}" : "")}{Within(line)}",
            ValueShape.Text => $"{name} {op.Label} “{line.Value}”",
            ValueShape.Number or ValueShape.Day => $"{name} {op.Label} {line.Value}",
        };
    }

    private static string Within(RuleLine line) => string.IsNullOrEmpty(line.Within) ? "" : $" within {line.Within} {(line.Within == "1" ? "day" : "days")}";

    private static string Group(List<RuleLine> lines, int place, bool isRoot = false)
    {
        var parts = RuleForm.In(lines, place).Select(child => child.Line.IsGroup ? Group(lines, child.Place) : Condition(child.Line)).ToList();
        var more = parts.Count > MostParts ? $" and {parts.Count - MostParts} more" : "";
        var joined = string.Join(lines[place].Mode is "any" or "none" ? " or " : " and ", parts.Take(MostParts)) + more;
        return lines[place].Mode switch
        {
            "none" or "not_all" => $"not ({joined})",
            _ => isRoot || parts.Count == 1 ? joined : $"({joined})",
        };
    }
}
