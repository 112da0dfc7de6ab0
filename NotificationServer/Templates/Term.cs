namespace NotificationServer.Templates;

/// A word of a tag as understood: a path into the data, a literal, or what a helper makes of others.
internal sealed record Term(string? Path = null, object? Literal = null, Call? Call = null)
{
    /// How a message names it.
    public string Name => Path is not null ? $"'{Path}'" : Call is not null ? $"what {Call.Name} gives" : "the text in quotes";

    /// Every path in it, with whether there is nothing to say without it.
    public IEnumerable<(string Path, bool Needed)> Paths(bool needed)
    {
        if (Path is not null) return [(Path, needed)];
        if (Call is null) return [];
        // What {{default}} gets may be missing: that is what it is for. Comparisons are made of what is there.
        var optional = Call.Name is "default" or "insert" || Functions.FunctionList.IsComparison(Call.Name);
        return Call.Arguments.Concat(Call.Named.Select(named => named.Value)).SelectMany(term => term.Paths(needed && !optional));
    }
}

/// `date placed "long" zone="Europe/Zurich"`.
internal sealed record Call(string Name, IReadOnlyList<Term> Arguments, IReadOnlyList<KeyValuePair<string, Term>> Named);
