using System.Text.Json;

namespace NotificationServer.Admin.Pages.Segments;

/// A line of the rule builder: a group (Mode is set) or a condition. Parent: the group's place among the lines, which stands before it.
internal sealed class RuleLine
{
    public static readonly (string Mode, string Label)[] Modes =
        [("all", "All of these are true"), ("any", "At least one of these is true"), ("none", "None of these is true"), ("not_all", "Not all of these are true")];

    public int Parent { get; set; } = -1;
    public string? Mode { get; set; }
    public string? Field { get; set; }
    /// The name of an attribute.
    public string? Attribute { get; set; }
    public string? Op { get; set; }
    public string? Value { get; set; }
    public string[] Chosen { get; set; } = [];
    public string? Channel { get; set; }
    public string? Category { get; set; }
    public string? Template { get; set; }
    public string? Campaign { get; set; }
    public string? Within { get; set; }
    /// The condition as it is stored; no form can send one.
    internal JsonElement? Stored { get; init; }

    public bool IsGroup => Mode is not null;

    public FieldChoice FieldChoice => RuleChoices.Field(Field);

    public OpChoice OpChoice => RuleChoices.Op(FieldChoice, Op);
}

/// The tree as lines in the order in which they are read, which is how a form without scripts keeps it. The first is the root.
internal static class RuleForm
{
    /// As many as rules may have, and their groups.
    public const int MostLines = 200;
    /// Services may put every condition into groups of its own: a line that is left out here would mean other people.
    private const int MostRead = 1_000;

    /// What was posted, with its order mended: nothing but the form's own fields makes it a tree.
    public static List<RuleLine> Whole(IEnumerable<RuleLine> posted)
    {
        var lines = posted.Take(MostRead).ToList();
        if (lines.Count == 0 || !lines[0].IsGroup) lines.Insert(0, new RuleLine { Mode = "all" });
        lines[0].Parent = -1;
        for (var i = 1; i < lines.Count; i++)
            if (lines[i].Parent < 0 || lines[i].Parent >= i || !lines[lines[i].Parent].IsGroup) lines[i].Parent = 0;
        return lines;
    }

    /// `add-2` (a condition to the group in line 2), `group-2`, `remove-5`; anything else only shows the form again.
    public static List<RuleLine> After(List<RuleLine> lines, string? act)
    {
        if (act?.Split('-') is not [var verb, var number] || !int.TryParse(number, out var at) || at < 0 || at >= lines.Count) return lines;
        switch (verb)
        {
            case "add" when lines[at].IsGroup && lines.Count < MostLines:
                return Ordered([.. lines, new RuleLine { Parent = at, Field = lines.LastOrDefault(line => line.Parent == at && !line.IsGroup)?.Field ?? "country" }]);
            case "group" when lines[at].IsGroup && lines.Count + 1 < MostLines:
                return Ordered([.. lines, new RuleLine { Parent = at, Mode = lines[at].Mode == "any" ? "all" : "any" }, new RuleLine { Parent = lines.Count, Field = "country" }]);
            case "remove" when at > 0:
                return Ordered(lines, without: at);
            default:
                return lines;
        }
    }

    public static IEnumerable<(int Place, RuleLine Line)> In(IReadOnlyList<RuleLine> lines, int group)
    {
        for (var i = group + 1; i < lines.Count; i++)
            if (lines[i].Parent == group) yield return (i, lines[i]);
    }

    /// Depth first, each group before what it holds.
    private static List<RuleLine> Ordered(List<RuleLine> lines, int without = -1)
    {
        var ordered = new List<RuleLine>(lines.Count);
        var children = lines.Index().Skip(1).ToLookup(one => one.Item.Parent, one => one.Index);
        Visit(0, -1);
        return ordered;

        void Visit(int place, int parent)
        {
            if (place == without) return;
            var mine = ordered.Count;
            ordered.Add(lines[place]);
            lines[place].Parent = parent;
            foreach (var child in children[place]) Visit(child, mine);
        }
    }
}
