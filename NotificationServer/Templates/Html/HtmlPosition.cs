using System.Text;

namespace NotificationServer.Templates.Html;

/// Where in the HTML a tag stands, followed through the literal text from left to right as a browser's tokenizer does. It is no
/// HTML parser: it knows just enough to tell words from links from places where no caller's value may stand, and to see each
/// element and attribute of the writer's own.
internal sealed class HtmlPosition
{
    private const int LongestName = 100;
    // Right behind it > ends the comment, but no !> does.
    private const string CommentStart = "!--";
    private static readonly string[] RawElements =
        ["style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"];

    private readonly List<(int At, string Problem)> findings = [];
    // The writer's own text of the value or the style sheet that is being read; not part of the state: both branches add to it.
    private readonly StringBuilder value = new();
    private HtmlState state = HtmlState.Start;
    private int at;

    /// What the writer put in that mail may not have.
    public IReadOnlyList<(int At, string Problem)> Findings => findings;

    public HtmlState State
    {
        get => state;
        set => state = value;
    }

    public HtmlPlace Place => state switch
    {
        { InComment: true, Tail.Length: > 0 } => HtmlPlace.Unsafe,
        { Mode: HtmlMode.Text } => HtmlPlace.Words,
        { Mode: HtmlMode.Raw, Element: "title" } => state.Tail.Length == 0 ? HtmlPlace.Words : HtmlPlace.Unsafe,
        { Mode: HtmlMode.Value, Quote: not '\0' } => InQuotes(state.Attribute),
        _ => HtmlPlace.Unsafe,
    };

    public void Read(ReadOnlySpan<char> text, int offset)
    {
        for (var i = 0; i < text.Length; i++)
        {
            at = offset + i;
            Next(text[i]);
        }
    }

    /// A variable is printed here.
    public void PrintVariable()
    {
        if (state.Mode == HtmlMode.Value) state.Link = state.Link.WithVariable();
        state.AfterVariable = state.InComment;
    }

    /// A block begins, branches or ends here; false where that would leave open what a tag, a comment or a value is.
    public bool Boundary()
    {
        if (state.Tail.Length > 0) return false;
        switch (state.Mode)
        {
            case HtmlMode.TagOpen or HtmlMode.EndTagOpen or HtmlMode.Markup or HtmlMode.Bogus or HtmlMode.BeforeValue:
            case HtmlMode.Value when state.Quote == '\0':
                return false;
            case HtmlMode.ElementName:
                if (!state.Closing) Find(AllowedHtml.OfElement(state.Element));
                break;
            case HtmlMode.AttributeName:
                if (!state.Closing) Find(AllowedHtml.OfAttribute(state.Element, state.Attribute));
                break;
            case HtmlMode.AfterName:
                break;
            default:
                return true;
        }
        (state.Mode, state.Attribute, state.Glued) = (HtmlMode.Element, "", true);
        return true;
    }

    public void End(int length)
    {
        at = length;
        if (state.Mode != HtmlMode.Text || state.InComment) Find("the HTML ends inside of a tag, a comment or a style");
    }

    private HtmlPlace InQuotes(string name)
    {
        if (AllowedHtml.IsLink(name)) return state.Element == "link" ? HtmlPlace.Unsafe : state.Link.Place;
        if (name.Equals("style", StringComparison.OrdinalIgnoreCase)) return value.ToString() is var css && css.LastIndexOf('(') > css.LastIndexOf(')') ? HtmlPlace.Unsafe : HtmlPlace.Css;
        return name.ToLowerInvariant() is "srcset" or "srcdoc" or "http-equiv" or "action" or "formaction" or "data" or "xlink:href" or "poster" or "ping" || name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
            ? HtmlPlace.Unsafe
            : HtmlPlace.Words;
    }

    private void Next(char c)
    {
        if (state.InComment && EndsComment(c)) return;
        if (state.Glued)
        {
            state.Glued = false;
            if (!char.IsWhiteSpace(c) && c is not ('/' or '>')) Find("put a blank between a block and the name that follows or precedes it");
        }
        state.Mode = state.Mode switch
        {
            HtmlMode.Text => c == '<' ? HtmlMode.TagOpen : HtmlMode.Text,
            HtmlMode.TagOpen => AfterBracket(c),
            HtmlMode.EndTagOpen => char.IsAsciiLetter(c) ? BeginElement(c, closing: true) : c == '>' ? HtmlMode.Text : HtmlMode.Bogus,
            HtmlMode.Markup => InMarkup(c),
            HtmlMode.Bogus => c == '>' ? HtmlMode.Text : HtmlMode.Bogus,
            HtmlMode.ElementName => InElementName(c),
            HtmlMode.Element => InElement(c),
            HtmlMode.AttributeName => InAttributeName(c),
            HtmlMode.AfterName => c == '=' ? HtmlMode.BeforeValue : char.IsWhiteSpace(c) ? HtmlMode.AfterName : InElement(c),
            HtmlMode.BeforeValue => BeforeValue(c),
            HtmlMode.Value => InValue(c),
            HtmlMode.Raw => InRaw(c),
        };
    }

    private bool EndsComment(char c)
    {
        if (state.AfterVariable && (c is '-' or '!' or '>')) Find("put a blank between a variable and the end of a comment");
        state.AfterVariable = false;
        if (c == '>' && (state.Tail is "--" or "--!" or CommentStart or CommentStart + "-"))
        {
            state = HtmlState.Start;
            return true;
        }
        state.Tail = (c, state.Tail) switch
        {
            ('-', CommentStart) => CommentStart + "-",
            ('-', "-" or "--" or CommentStart + "-") => "--",
            ('-', _) => "-",
            ('!', "--") => "--!",
            _ => "",
        };
        return false;
    }

    private HtmlMode AfterBracket(char c) => c switch
    {
        '<' => HtmlMode.TagOpen,
        '/' => HtmlMode.EndTagOpen,
        '!' when !state.InComment => Begin(HtmlMode.Markup),
        '!' or '?' => HtmlMode.Bogus,
        _ => char.IsAsciiLetter(c) ? BeginElement(c, closing: false) : HtmlMode.Text,
    };

    // <!doctype and the like end at >, comments at -->; <!--> and <!---> are comments that have ended already.
    private HtmlMode InMarkup(char c)
    {
        if (c == '>') return Begin(HtmlMode.Text);
        if (c != '-') return Begin(HtmlMode.Bogus);
        if (state.Tail == "") state.Tail = "-";
        else state = HtmlState.Start with { InComment = true, Tail = CommentStart }; // its content is read as HTML, because Outlook does so in [if mso]
        return state.InComment ? HtmlMode.Text : HtmlMode.Markup;
    }

    private HtmlMode Begin(HtmlMode mode)
    {
        state.Tail = "";
        return mode;
    }

    private HtmlMode BeginElement(char c, bool closing)
    {
        (state.Element, state.Closing, state.Attribute) = (char.ToLowerInvariant(c).ToString(), closing, "");
        return HtmlMode.ElementName;
    }

    private HtmlMode InElementName(char c)
    {
        if (char.IsWhiteSpace(c) || c is '/' or '>')
        {
            if (!state.Closing) Find(AllowedHtml.OfElement(state.Element));
            return c == '>' ? Close() : HtmlMode.Element;
        }
        state.Element = Longer(state.Element, char.ToLowerInvariant(c));
        return HtmlMode.ElementName;
    }

    private HtmlMode InElement(char c)
    {
        if (c == '>') return Close();
        if (char.IsWhiteSpace(c) || c == '/') return HtmlMode.Element;
        state.Attribute = c.ToString();
        return HtmlMode.AttributeName;
    }

    private HtmlMode InAttributeName(char c)
    {
        if (!char.IsWhiteSpace(c) && c is not ('=' or '/' or '>'))
        {
            state.Attribute = Longer(state.Attribute, c);
            return HtmlMode.AttributeName;
        }
        if (!state.Closing) Find(AllowedHtml.OfAttribute(state.Element, state.Attribute));
        return c switch { '=' => HtmlMode.BeforeValue, '>' => Close(), '/' => HtmlMode.Element, _ => HtmlMode.AfterName };
    }

    private HtmlMode BeforeValue(char c)
    {
        if (c == '>') return Close();
        if (char.IsWhiteSpace(c)) return HtmlMode.BeforeValue;
        (state.Quote, state.Link) = (c is '"' or '\'' ? c : '\0', default);
        value.Clear();
        if (state.Quote == '\0') Take(c);
        return HtmlMode.Value;
    }

    private HtmlMode InValue(char c)
    {
        if (state.Quote == '\0' ? char.IsWhiteSpace(c) || c == '>' : c == state.Quote)
        {
            Find(AllowedHtml.OfValue(state.Element, state.Attribute, value.ToString()));
            return c == '>' && state.Quote == '\0' ? Close() : HtmlMode.Element;
        }
        Take(c);
        return HtmlMode.Value;
    }

    private void Take(char c)
    {
        value.Append(c);
        if (!AllowedHtml.IsLink(state.Attribute)) return;
        state.Link = state.Link.Read(c, out var problem);
        Find(problem);
    }

    private HtmlMode Close()
    {
        if (state.Closing || !RawElements.Contains(state.Element)) return HtmlMode.Text;
        value.Clear();
        if (!state.InComment) state.Tail = "";
        return HtmlMode.Raw;
    }

    // Ends at </style followed by a blank, a slash or >, and at nothing else.
    private HtmlMode InRaw(char c)
    {
        if (state.InComment) return c == '<' ? HtmlMode.TagOpen : HtmlMode.Raw; // ends with the comment at the latest
        value.Append(c);
        var end = $"</{state.Element}";
        if (state.Tail.Length == end.Length)
        {
            if (char.IsWhiteSpace(c) || c is '/' or '>')
            {
                if (state.Element == "style") Find(SafeCss.Problem(value.ToString()));
                (state.Tail, state.Closing) = ("", true);
                return c == '>' ? HtmlMode.Text : HtmlMode.Element;
            }
            state.Tail = "";
        }
        state.Tail = end.StartsWith(state.Tail + char.ToLowerInvariant(c), StringComparison.Ordinal) ? state.Tail + char.ToLowerInvariant(c) : c == '<' ? "<" : "";
        return HtmlMode.Raw;
    }

    private static string Longer(string name, char c) => name.Length < LongestName ? name + c : name;

    private void Find(string? problem)
    {
        if (problem is not null) findings.Add((at, problem));
    }
}
