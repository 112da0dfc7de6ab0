using System.Text;
using NotificationServer.Templates.Functions;
using NotificationServer.Templates.Html;

namespace NotificationServer.Templates;

/// A template's text, checked and rewritten. Only <see cref="Canonical"/> reaches the parser.
internal sealed record ScannedText(
    string Source, string Canonical, bool HasTags, IReadOnlyList<PreparedCall> Calls, IReadOnlyList<TemplateVariable> Variables);

/// Reads a template once, from left to right and without recursion, before the real parser sees it: 6,000 nested blocks make that
/// one overflow the stack, which no catch can stop. The text is rewritten tag by tag, so that the two can never disagree on where a
/// tag begins, what is a comment, or whether output is escaped.
internal sealed class TagScanner
{
    public const int MaxBytes = 100 * 1024;
    public const int MaxTags = 1_000;
    public const int MaxDepth = 32;
    private const int MaxFindings = 20;

    private readonly ExpandedText expanded;
    private readonly string text;
    private readonly string pointer;
    private readonly List<TemplateError> errors;
    private readonly StringBuilder canonical = new();
    private readonly Stack<string> open = new();
    // Whether the innermost block has had its else.
    private readonly Stack<bool> turned = new();
    private readonly VariableScope scope = new();
    private readonly CallTable calls;
    private readonly HtmlBranches? html;
    private bool trimming;
    private int tags;

    private TagScanner(ExpandedText expanded, string text, TextRule rule, string pointer, List<TemplateError> errors)
    {
        (this.expanded, this.text, this.pointer, this.errors) = (expanded, text, pointer, errors);
        calls = new CallTable(rule.PlainBlanks);
        html = rule.Html ? new HtmlBranches() : null;
    }

    /// Null if the text was refused; why is then in <paramref name="errors"/>.
    public static ScannedText? Scan(string source, TextRule rule, string pointer, IReadOnlyDictionary<string, string>? partials, List<TemplateError> errors)
    {
        if (Encoding.UTF8.GetByteCount(source) <= MaxBytes)
        {
            if (Partials.Expand(source, partials, pointer, errors) is not { } expanded) return null;
            var text = expanded.ToString();
            if (Encoding.UTF8.GetByteCount(text) <= MaxBytes) return new TagScanner(expanded, text, rule, pointer, errors).Run();
        }
        errors.Add(new TemplateError(pointer, "too_large", $"longer than {MaxBytes / 1024} KiB"));
        return null;
    }

    private ScannedText? Run()
    {
        var position = 0;
        for (int start; (start = TagFinder.Next(text, position)) >= 0;)
            if ((position = Tagged(position, start)) < 0) return ReportFindings(null);
        Literal(position, text.Length, trimEnd: false);
        html?.Position.End(text.Length);

        if (open.Count > 0) Stop(text.Length, "unclosed_block", $"#{open.Peek()} is never closed");
        return ReportFindings(open.Count > 0 ? null : new ScannedText(text, canonical.ToString(), tags > 0, calls.All, scope.Variables));
    }

    // The white space that a ~ takes away is taken away here, so that the HTML is read as it will be written.
    private void Literal(int from, int to, bool trimEnd)
    {
        while (trimming && from < to && char.IsWhiteSpace(text[from])) from++;
        if (from < to) trimming = false;
        while (trimEnd && to > from && char.IsWhiteSpace(text[to - 1])) to--;
        canonical.Append(text, from, to - from);
        html?.Position.Read(text.AsSpan(from, to - from), from);
    }

    /// Takes in the words from <paramref name="position"/> and the tag that begins at <paramref name="start"/>; where that ends, or -1 if it was refused.
    private int Tagged(int position, int start)
    {
        if (++tags > MaxTags) return Stop(start, "too_many_tags", $"more than {MaxTags} tags");
        if (start > 0 && text[start - 1] == '\\') return Stop(start, "template_syntax", "a backslash before {{ is not offered");
        if (start + 2 < text.Length && text[start + 2] == '{') return Stop(start, "raw_output", "output without escaping is not offered: write {{name}}");

        var (inner, end) = TagFinder.Bounds(text, start);
        if (end < 0) return Stop(start, "template_syntax", "{{ is never closed");
        // The parser reads }}} as the end of a raw output whatever stood at the beginning.
        if (end < text.Length && text[end] == '}') return Stop(start, "raw_output", "}}} ends a raw output: put a space after }}");

        var inside = TagFinder.Inside(text, inner, out var left, out var right);
        Literal(position, start, trimEnd: left);
        var (tag, code, problem) = inside.StartsWith('!') ? (new Tag(TagKind.Comment), null, null) : TagGrammar.Parse(inside);
        if (code is not null) return Stop(start, code, problem!); // the grammar gives both or neither
        if (!Place(tag, start)) return -1;
        trimming = right || trimming && tag.Kind == TagKind.Comment;
        return end;
    }

    /// Follows the nesting and writes the tag anew; false if it may not stand here.
    private bool Place(Tag tag, int at)
    {
        switch (tag.Kind)
        {
            case TagKind.Open when open.Count == MaxDepth:
                return Refuse(at, "too_deep", $"blocks nested deeper than {MaxDepth}");
            case TagKind.Close when open.Count == 0 || open.Peek() != tag.Word:
                return Refuse(at, "template_syntax", $"/{tag.Word} does not close the block that is open");
            case TagKind.Else when open.Count == 0:
            case TagKind.ElseIf when open.Count == 0 || !TagGrammar.IsCondition(open.Peek()) || open.Peek() == "unless":
                return Refuse(at, "template_syntax", "else belongs into a block, else if into #if");
            case TagKind.Else or TagKind.ElseIf when turned.Peek():
                return Refuse(at, "template_syntax", $"#{open.Peek()} has had its else");
            case TagKind.Comment:
                return true;
            case TagKind.Print:
                return Print(tag.Subject!, at);
        }
        if (tag.Subject is { } subject && !Understand(subject, at, needed: false)) return false;
        if (html is not null && html.Follow(tag, open.TryPeek(out var block) ? block : "") is { } uneven) return Refuse(at, uneven.Code, uneven.Problem);
        return tag.Kind switch
        {
            TagKind.Open => Open(tag, at),
            TagKind.Close => Close(tag.Word),
            TagKind.ElseIf => Condition(tag, "else if", at),
            _ => Else(),
        };
    }

    private bool Open(Tag tag, int at)
    {
        scope.Enter(tag.Word, tag.Subject!);
        open.Push(tag.Word);
        turned.Push(false);
        return tag.IsComparing ? Condition(tag, $"#{TagGrammar.Canonical(tag.Word)}", at) : Write($"#{tag.Word} {CallTable.Path(tag.Subject!.Path!)}");
    }

    private bool Close(string word)
    {
        open.Pop();
        turned.Pop();
        scope.Leave();
        return Write($"/{TagGrammar.Canonical(word)}");
    }

    private bool Else()
    {
        turned.Pop();
        turned.Push(true);
        return Write("else");
    }

    private bool Condition(Tag tag, string word, int at)
    {
        if (tag.Subject!.Path is { } path) return Write($"{word} {CallTable.Path(path)}");
        return calls.Add(tag.Subject, HtmlPlace.Words, out var problem) is { } call ? Write($"{word} ({call})") : Refuse(at, "template_syntax", problem!);
    }

    private bool Print(Term term, int at)
    {
        if (!Understand(term, at, needed: open.Count == 0)) return false;
        if (term.Call is { } compared && FunctionList.IsComparison(compared.Name)) return Refuse(at, "template_syntax", $"{compared.Name} compares: write {{{{#if ({compared.Name} ...)}}}}");
        var place = html?.Position.Place ?? HtmlPlace.Words;
        if (place == HtmlPlace.Unsafe)
            return Refuse(at, "unsafe_place", "a variable may stand in text and in quoted attribute values, not in a tag, an unquoted value, a script, a style sheet or url()");
        html?.Position.PrintVariable();
        if (term.Path is { } path && place == HtmlPlace.Words) return Write(CallTable.Path(path));
        return calls.Add(term, place, out var problem) is { } call ? Write(call) : Refuse(at, "template_syntax", problem!);
    }

    private bool Understand(Term term, int at, bool needed)
    {
        foreach (var (path, isNeeded) in term.Paths(needed))
        {
            if (open.Count == 0 && (path is "this" or "." || path.StartsWith("../", StringComparison.Ordinal) || path[0] == '@' && !path.StartsWith("@root.", StringComparison.Ordinal)))
                return Refuse(at, "template_syntax", $"'{path}' means something only inside a block");
            scope.Mention(path, isNeeded);
        }
        return true;
    }

    private bool Write(string inside)
    {
        canonical.Append("{{").Append(inside).Append("}}");
        return true;
    }

    private bool Refuse(int at, string code, string message) => Stop(at, code, message) >= 0;

    private int Stop(int at, string code, string message)
    {
        errors.Add(new TemplateError(pointer, code, $"{expanded.Where(at)}: {message}"));
        return -1;
    }

    // All that the HTML has and may not have is said at once, not one by one at each try to save.
    private ScannedText? ReportFindings(ScannedText? scanned)
    {
        var findings = html?.Position.Findings.Select(f => $"{expanded.Where(f.At)}: {f.Problem}").Distinct().Take(MaxFindings).ToList() ?? [];
        errors.AddRange(findings.Select(finding => new TemplateError(pointer, "html_not_allowed", finding)));
        return findings.Count == 0 ? scanned : null;
    }
}
