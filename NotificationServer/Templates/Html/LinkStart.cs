namespace NotificationServer.Templates.Html;

/// How far the beginning of a link is known: whether its scheme is settled, and what may still decide it.
internal readonly record struct LinkStart
{
    private const int LongestScheme = 20;
    private static readonly string[] Addresses = ["mailto", "tel", "sms"];

    private bool Literal { get; init; }
    private bool Variable { get; init; }
    private bool Settled { get; init; }
    /// One branch of a block has begun the link, the other has not.
    private bool Mixed { get; init; }
    private string? Scheme { get; init; }

    public HtmlPlace Place => this switch
    {
        { Mixed: true } => HtmlPlace.Unsafe,
        { Settled: true } => Addresses.Contains(Scheme) ? HtmlPlace.AddressPart : HtmlPlace.LinkPart,
        { Literal: true } => HtmlPlace.LinkPart,
        _ => HtmlPlace.Link,
    };

    public LinkStart WithVariable() => this with { Variable = true };

    /// Takes in one character of the template's own text.
    public LinkStart Read(char c, out string? problem)
    {
        problem = null;
        // Clients leave out blanks and control characters when they read a scheme.
        if (Settled || char.IsWhiteSpace(c) || char.IsControl(c)) return this;
        switch (c)
        {
            case '/' or '?' or '#' or '\\':
                return this with { Literal = true, Settled = true, Mixed = false, Scheme = null };
            case '&':
                problem = "a link begins with an entity: write the character itself";
                return this with { Settled = true, Scheme = null };
            case ':' when Variable || Mixed:
                problem = "a variable decides the scheme of a link: let the variable be the whole link, or write https:// yourself";
                return this with { Settled = true, Mixed = false, Scheme = null };
            case ':' when !SafeLink.IsAllowed(Scheme ?? "") && Scheme != "cid":
                problem = $"a link may begin with https:, http:, mailto:, tel: or sms:, not with '{Scheme}:'";
                return this with { Settled = true, Scheme = null };
            case ':':
                return this with { Literal = true, Settled = true };
            default:
                var scheme = Scheme?.Length >= LongestScheme ? Scheme : Scheme + char.ToLowerInvariant(c);
                return this with { Literal = true, Scheme = scheme };
        }
    }

    public static LinkStart Join(LinkStart one, LinkStart other) => (one, other) switch
    {
        _ when one == other => one,
        ({ Settled: true }, { Settled: true }) => one with { Literal = true, Mixed = false, Scheme = one.Scheme == other.Scheme ? one.Scheme : null },
        _ when one.Literal == other.Literal && one.Settled == other.Settled && !one.Mixed && !other.Mixed => one with { Variable = true, Scheme = null },
        _ => new LinkStart { Mixed = true, Variable = true },
    };
}
