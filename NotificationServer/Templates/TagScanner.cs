using System.Text;

namespace NotificationServer.Templates;

/// A template's text, checked and rewritten. Only <see cref="Canonical"/> reaches the parser.
internal sealed record ScannedText(string Source, string Canonical, bool HasTags, IReadOnlyList<TemplateVariable> Variables);

/// Reads a template once, from left to right and without recursion, before the real parser sees it: 6,000 nested blocks make that
/// one overflow the stack, which no catch can stop. The text is rewritten tag by tag, so that the two can never disagree on where a
/// tag begins, what is a comment, or whether output is escaped.
internal sealed class TagScanner
{
    public const int MaxBytes = 100 * 1024;
    public const int MaxTags = 1_000;
    public const int MaxDepth = 32;

    private readonly string text;
    private readonly string pointer;
    private readonly List<TemplateError> errors;
    private readonly StringBuilder canonical = new();
    private readonly Stack<string> open = new();
    private readonly List<TemplateVariable> variables = [];
    private readonly HtmlPosition? html;
    private int tags;

    private TagScanner(string text, bool html, string pointer, List<TemplateError> errors)
    {
        this.text = text;
        this.pointer = pointer;
        this.errors = errors;
        this.html = html ? new HtmlPosition() : null;
    }

    /// Null if the text was refused; why is then in <paramref name="errors"/>.
    public static ScannedText? Scan(string text, bool html, string pointer, List<TemplateError> errors)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            errors.Add(new TemplateError(pointer, "too_large", $"longer than {MaxBytes / 1024} KiB"));
            return null;
        }
        return new TagScanner(text, html, pointer, errors).Run();
    }

    private ScannedText? Run()
    {
        var position = 0;
        for (int start; (start = text.IndexOf("{{", position, StringComparison.Ordinal)) >= 0;)
        {
            Literal(text.AsSpan(position, start - position));
            var end = Tagged(start);
            if (end < 0) return null;
            position = end;
        }
        Literal(text.AsSpan(position));

        if (open.Count > 0) return Refuse(text.Length, "unclosed_block", $"#{open.Peek()} is never closed");
        return new ScannedText(text, canonical.ToString(), tags > 0, variables);
    }

    private void Literal(ReadOnlySpan<char> words)
    {
        canonical.Append(words);
        html?.Read(words);
    }

    /// Takes in the tag that begins at <paramref name="start"/>; where it ends, or -1 if it was refused.
    private int Tagged(int start)
    {
        if (++tags > MaxTags) return Stop(start, "too_many_tags", $"more than {MaxTags} tags");
        if (start > 0 && text[start - 1] == '\\') return Stop(start, "template_syntax", "a backslash before {{ is not offered");
        if (start + 2 < text.Length && text[start + 2] == '{') return Stop(start, "raw_output", "output without escaping is not offered: write {{name}}");

        var (inner, end) = Bounds(start);
        if (end < 0) return Stop(start, "template_syntax", "{{ is never closed");
        // The parser reads }}} as the end of a raw output whatever stood at the beginning.
        if (end < text.Length && text[end] == '}') return Stop(start, "raw_output", "}}} ends a raw output: put a space after }}");

        var inside = text.AsSpan(inner.Start.Value, inner.End.Value - inner.Start.Value);
        var (left, right) = (inside.StartsWith("~"), inside.Length > 1 && inside.EndsWith("~"));
        inside = inside[(left ? 1 : 0)..(right ? ^1 : ^0)].Trim();

        var (tag, code, problem) = inside.StartsWith("!") ? (new Tag(TagKind.Comment, "", ""), null, null) : TagGrammar.Parse(inside.ToString());
        if (code is not null) return Stop(start, code, problem!); // the grammar gives both or neither
        if (Place(tag, start) is not { } asLink) return -1;

        if (tag.Kind == TagKind.Comment && (left || right)) return Trimmed(left, right, end);
        canonical.Append(tag.Canonical(left, right, asLink));
        return end;
    }

    // The parser takes a comment's closing ~ for a part of the comment.
    private int Trimmed(bool left, bool right, int end)
    {
        while (left && canonical.Length > 0 && char.IsWhiteSpace(canonical[^1])) canonical.Length--;
        while (right && end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return end;
    }

    private (Range Inner, int End) Bounds(int start)
    {
        var inner = start + 2;
        var bang = inner < text.Length && text[inner] == '~' ? inner + 1 : inner;
        if (string.CompareOrdinal(text, bang, "!--", 0, 3) == 0)
        {
            // A long comment may hold }} and ends at --}} or --~}}.
            for (var dashes = bang + 3; (dashes = text.IndexOf("--", dashes, StringComparison.Ordinal)) >= 0; dashes++)
            {
                var close = dashes + 2 < text.Length && text[dashes + 2] == '~' ? dashes + 3 : dashes + 2;
                if (string.CompareOrdinal(text, close, "}}", 0, 2) == 0) return (inner..close, close + 2);
            }
            return (default, -1);
        }

        var end = text.IndexOf("}}", inner, StringComparison.Ordinal);
        return end < 0 ? (default, -1) : (inner..end, end + 2);
    }

    /// Follows the nesting; null if the tag may not stand here, else whether it prints a link.
    private bool? Place(Tag tag, int at)
    {
        switch (tag.Kind)
        {
            case TagKind.Open when open.Count == MaxDepth:
                return Refused(at, "too_deep", $"blocks nested deeper than {MaxDepth}");
            case TagKind.Open:
                open.Push(tag.Word);
                return false;
            case TagKind.Close when open.Count == 0 || open.Peek() != tag.Word:
                return Refused(at, "template_syntax", $"/{tag.Word} does not close the block that is open");
            case TagKind.Close:
                open.Pop();
                return false;
            case TagKind.Else when open.Count == 0:
            case TagKind.ElseIf when open.Count == 0 || open.Peek() != "if":
                return Refused(at, "template_syntax", "else belongs into a block, else if into #if");
            case TagKind.Else or TagKind.ElseIf or TagKind.Comment:
                return false;
            case TagKind.Print:
                return Print(tag.Path, at);
            default:
                throw new ArgumentOutOfRangeException(nameof(tag));
        }
    }

    private bool? Print(string path, int at)
    {
        if (open.Count == 0)
        {
            var name = path.StartsWith("@root.", StringComparison.Ordinal) ? path[6..] : path.StartsWith("this.", StringComparison.Ordinal) ? path[5..] : path;
            if (name is "this" || name[0] is '.' or '@') return Refused(at, "template_syntax", $"'{path}' means something only inside a block");
            if (!variables.Contains(new(name, true))) variables.Add(new(name, true));
        }

        var place = html?.Place ?? HtmlPlace.Words;
        return place == HtmlPlace.Unsafe
            ? Refused(at, "unsafe_place", "a variable may stand in text and in quoted attribute values, not in a tag, an unquoted value or a script")
            : place == HtmlPlace.Link;
    }

    private bool? Refused(int at, string code, string message)
    {
        Stop(at, code, message);
        return null;
    }

    private ScannedText? Refuse(int at, string code, string message)
    {
        Stop(at, code, message);
        return null;
    }

    private int Stop(int at, string code, string message)
    {
        var line = text.AsSpan(0, at).Count('\n') + 1;
        errors.Add(new TemplateError(pointer, code, $"line {line}: {message}"));
        return -1;
    }
}
