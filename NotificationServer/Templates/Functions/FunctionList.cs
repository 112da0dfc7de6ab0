using System.Collections.Frozen;

namespace NotificationServer.Templates.Functions;

/// Every helper by its name; docs/templates.md shows each. Nothing else can be called.
internal static class FunctionList
{
    private static readonly FrozenDictionary<string, Function> All = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["date"] = new("date order.placed \"long\"", 1, 3, ["zone"], Dates.Prepare),
        ["formatDate"] = new("formatDate order.placed \"DD.MM.YYYY\"", 2, 3, [], Dates.Prepare),
        ["number"] = new("number points decimals=2", 1, 1, ["decimals"], Numbers.Number),
        ["percent"] = new("percent discount decimals=1", 1, 1, ["decimals"], Numbers.Percent),
        ["currency"] = new("currency total \"CHF\"", 2, 2, [], Currencies.Prepare),
        ["plural"] = new("plural count one=\"# item\" other=\"# items\"", 1, 1, Plurals.Categories, Plurals.Prepare),
        ["default"] = new("default name \"friend\"", 2, 2, [], Texts.Default),
        ["insert"] = new("insert name \"default=friend\"", 1, 2, [], Texts.Insert),
        ["truncate"] = new("truncate text 40", 2, 2, ["ellipsis"], Texts.Truncate),
        ["upper"] = new("upper name", 1, 1, [], Texts.Upper),
        ["lower"] = new("lower name", 1, 1, [], Texts.Lower),
        ["link"] = new("link order.url", 1, 1, [], Texts.Link),
        ["urlencode"] = new("urlencode search", 1, 1, [], Texts.UrlEncode) { Encodes = true },
        ["eq"] = new("eq plan \"pro\"", 2, 2, [], Comparisons.Equal) { Compares = true },
        ["ne"] = new("ne plan \"pro\"", 2, 2, [], Comparisons.NotEqual) { Compares = true },
        ["gt"] = new("gt total 100", 2, 2, [], Comparisons.Greater) { Compares = true },
        ["gte"] = new("gte total 100", 2, 2, [], Comparisons.GreaterOrEqual) { Compares = true },
        ["lt"] = new("lt total 100", 2, 2, [], Comparisons.Less) { Compares = true },
        ["lte"] = new("lte total 100", 2, 2, [], Comparisons.LessOrEqual) { Compares = true },
        ["and"] = new("and vip paid", 2, 10, [], Comparisons.And) { Compares = true },
        ["or"] = new("or vip paid", 2, 10, [], Comparisons.Or) { Compares = true },
        ["not"] = new("not paid", 1, 1, [], Comparisons.Not) { Compares = true },
        // As other mail services call them.
        ["equals"] = new("equals plan \"pro\"", 2, 2, [], Comparisons.Equal) { Compares = true },
        ["notEquals"] = new("notEquals plan \"pro\"", 2, 2, [], Comparisons.NotEqual) { Compares = true },
        ["greaterThan"] = new("greaterThan total 100", 2, 2, [], Comparisons.Greater) { Compares = true },
        ["lessThan"] = new("lessThan total 100", 2, 2, [], Comparisons.Less) { Compares = true },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    public static bool Knows(string name) => All.ContainsKey(name);

    public static bool IsComparison(string name) => All.TryGetValue(name, out var function) && function.Compares;

    /// What the term comes to, or in <paramref name="problem"/> why it can come to nothing. Its paths are added to
    /// <paramref name="paths"/>, in the order in which the evaluation finds their values.
    public static Evaluation? Compile(Term term, List<string> paths, out string? problem)
    {
        problem = null;
        if (term.Call is { } call) return Compile(call, paths, out problem);
        if (term.Path is null) return Constant(term.Literal);
        var index = paths.IndexOf(term.Path);
        if (index < 0) (index, _) = (paths.Count, Add(paths, term.Path));
        return Values.At(CallSite.First + index);
    }

    public static bool Encodes(Term term) => term.Call is { } call && All.TryGetValue(call.Name, out var function) && function.Encodes;

    private static Evaluation? Compile(Call call, List<string> paths, out string? problem)
    {
        if (!All.TryGetValue(call.Name, out var function)) return Refused($"'{TermReader.Shown(call.Name)}' is not a helper", out problem);
        var usage = $"write {{{{{function.Usage}}}}}";
        if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most) return Refused($"{call.Name} got too {(call.Arguments.Count < function.Least ? "little" : "much")}: {usage}", out problem);
        if (call.Named.FirstOrDefault(n => !function.Named.Contains(n.Key)) is { Key: { } unknown }) return Refused($"{call.Name} knows no {unknown}=: {usage}", out problem);

        var (arguments, named) = (new List<Evaluation>(), new Dictionary<string, Evaluation>(StringComparer.Ordinal));
        foreach (var argument in call.Arguments)
        {
            if (Compile(argument, paths, out problem) is not { } evaluation) return null;
            arguments.Add(evaluation);
        }
        foreach (var (name, value) in call.Named)
        {
            if (Compile(value, paths, out problem) is not { } evaluation) return null;
            named.Add(name, evaluation);
        }
        var parts = new CallParts(call, arguments, named);
        var prepared = function.Prepare(parts);
        problem = prepared is null ? $"{call.Name}: {parts.Problem ?? usage}" : null;
        return prepared;
    }

    private static Evaluation Constant(object? literal) => (in _, _) => literal;

    private static bool Add(List<string> paths, string path)
    {
        paths.Add(path);
        return true;
    }

    private static Evaluation? Refused(string why, out string? problem)
    {
        problem = why;
        return null;
    }
}
