namespace NotificationServer.Templates.Html;

/// Follows the HTML through the branches of blocks: each begins where the block began, and all must end in the same place, or
/// nobody could say what the text behind them is.
internal sealed class HtmlBranches
{
    private readonly Stack<Branching> open = new();

    public HtmlPosition Position { get; } = new();

    /// Null if all is well.
    public (string Code, string Problem)? Follow(Tag tag, string block)
    {
        if (!Position.Boundary())
            return ("unsafe_place", "a block may begin and end in text, between attributes and in quoted values, not in the middle of a name, an unquoted value or the end of a comment");

        if (tag.Kind == TagKind.Open)
        {
            open.Push(new Branching(Position.State, null, Complete: false));
            return null;
        }

        var branching = open.Pop();
        var ends = branching.Ends is { } others ? HtmlState.Join(others, Position.State) : Position.State;
        if (ends is { } end && tag.Kind == TagKind.Close && (!branching.Complete || block == "each")) ends = HtmlState.Join(end, branching.Start);
        if (ends is not { } joined)
            return ("uneven_html", $"the HTML is somewhere else at the end of #{block} than without it: open and close tags and quotes within the same branch");

        if (tag.Kind != TagKind.Close) open.Push(branching with { Ends = joined, Complete = tag.Kind == TagKind.Else });
        Position.State = tag.Kind == TagKind.Close ? joined : branching.Start;
        return null;
    }

    private sealed record Branching(HtmlState Start, HtmlState? Ends, bool Complete);
}
