using System.Text;

namespace NotificationServer.Templates;

internal enum HtmlPlace
{
    /// Escaping is enough.
    Words,
    /// The value is a link, or begins one.
    Link,
    /// Escaping does not help here: a tag or attribute name, an unquoted value, a script.
    Unsafe,
}

/// Where in the HTML a tag stands, followed through the literal text from left to right (a block's branches are read one after
/// the other). It is no HTML parser: it knows just enough to tell words from links from places where no caller's value may stand.
internal sealed class HtmlPosition
{
    private static readonly string[] Links = ["href", "src", "action", "formaction", "background", "poster", "cite", "ping", "xlink:href"];

    private enum State { Text, ElementName, Element, AttributeName, AfterName, BeforeValue, Value }

    private readonly StringBuilder element = new();
    private readonly StringBuilder attribute = new();
    private State state;
    private char quote;
    private bool valueHasText;
    private bool inScript;

    public HtmlPlace Place => state switch
    {
        State.Text => inScript ? HtmlPlace.Unsafe : HtmlPlace.Words,
        State.Value when quote != '\0' => InQuotes(attribute.ToString()),
        _ => HtmlPlace.Unsafe,
    };

    public void Read(ReadOnlySpan<char> text)
    {
        foreach (var c in text) state = Next(c);
    }

    private HtmlPlace InQuotes(string name)
    {
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || name.Equals("srcdoc", StringComparison.OrdinalIgnoreCase)) return HtmlPlace.Unsafe;
        return !valueHasText && Links.Contains(name, StringComparer.OrdinalIgnoreCase) ? HtmlPlace.Link : HtmlPlace.Words;
    }

    private State Next(char c) => state switch
    {
        State.Text => c == '<' ? Start(element, State.ElementName) : State.Text,
        State.ElementName => ReadElementName(c),
        State.Element or State.AfterName => ReadInElement(c),
        State.AttributeName => ReadAttributeName(c),
        State.BeforeValue => ReadBeforeValue(c),
        State.Value => ReadValue(c),
    };

    private State ReadElementName(char c)
    {
        if (c == '>') return Close();
        if (char.IsWhiteSpace(c)) return element.Length == 0 ? State.Text : State.Element;
        if (element.Length == 0 && !char.IsAsciiLetter(c) && c != '/') return State.Text; // "a < b", "<!-- "
        element.Append(c);
        return State.ElementName;
    }

    private State ReadInElement(char c)
    {
        if (c == '>') return Close();
        if (c == '=' && state == State.AfterName) return State.BeforeValue;
        if (char.IsWhiteSpace(c) || c == '/') return state;
        attribute.Clear().Append(c);
        return State.AttributeName;
    }

    private State ReadAttributeName(char c)
    {
        if (c == '>') return Close();
        if (c == '=') return State.BeforeValue;
        if (char.IsWhiteSpace(c)) return State.AfterName;
        attribute.Append(c);
        return State.AttributeName;
    }

    private State ReadBeforeValue(char c)
    {
        if (c == '>') return Close();
        if (char.IsWhiteSpace(c)) return State.BeforeValue;
        quote = c is '"' or '\'' ? c : '\0';
        valueHasText = false;
        return State.Value;
    }

    private State ReadValue(char c)
    {
        if (quote == '\0') return c == '>' ? Close() : char.IsWhiteSpace(c) ? State.Element : State.Value;
        if (c == quote) return State.Element;
        valueHasText |= !char.IsWhiteSpace(c);
        return State.Value;
    }

    private State Close()
    {
        var name = element.ToString();
        if (name.Equals("script", StringComparison.OrdinalIgnoreCase)) inScript = true;
        else if (name.Equals("/script", StringComparison.OrdinalIgnoreCase)) inScript = false;
        return State.Text;
    }

    private static State Start(StringBuilder buffer, State next)
    {
        buffer.Clear();
        return next;
    }
}
