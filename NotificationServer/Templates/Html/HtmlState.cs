namespace NotificationServer.Templates.Html;

internal enum HtmlMode
{
    Text,
    TagOpen,
    EndTagOpen,
    Markup,
    Bogus,
    ElementName,
    Element,
    AttributeName,
    AfterName,
    BeforeValue,
    Value,
    /// The content of style, script and title, where tags are no tags.
    Raw,
}

/// Where the reader is. A value, so that the branches of a block can begin at the same place and be compared at their ends.
internal record struct HtmlState
{
    public HtmlMode Mode { get; set; }
    public string Element { get; set; }
    public bool Closing { get; set; }
    public string Attribute { get; set; }
    public char Quote { get; set; }
    public LinkStart Link { get; set; }
    /// What an end of a comment or of raw text could be made of.
    public string Tail { get; set; }
    public bool InComment { get; set; }
    /// A block began or ended right behind a name: what follows must not become a part of it.
    public bool Glued { get; set; }
    /// A variable stood in a comment: a dash right behind it could end the comment together with what the variable brings.
    public bool AfterVariable { get; set; }

    public static readonly HtmlState Start = new() { Element = "", Attribute = "", Tail = "" };

    /// What is true whichever of the two ways was taken; null if they lead to different places.
    public static HtmlState? Join(HtmlState one, HtmlState other)
    {
        var glued = one.Glued || other.Glued;
        var after = one.AfterVariable || other.AfterVariable;
        var link = LinkStart.Join(one.Link, other.Link);
        var inValue = one.Mode == HtmlMode.Value;
        var (a, b) = (Bare(one), Bare(other));
        if (a != b) return null;
        return one with { Glued = glued, AfterVariable = after, Link = inValue ? link : default };
    }

    private static HtmlState Bare(HtmlState state) => state with
    {
        Glued = false,
        AfterVariable = false,
        Link = default,
        Element = state.Mode is HtmlMode.Text ? "" : state.Element,
        Closing = state.Mode is not HtmlMode.Text && state.Closing,
        Attribute = state.Mode is HtmlMode.Value ? state.Attribute : "",
        Quote = state.Mode is HtmlMode.Value ? state.Quote : '\0',
    };
}
