using System.Globalization;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates;

/// Reads what stands in a tag behind its first word: paths, "texts", numbers, true and false, name=value and (helper ...).
internal sealed partial class TermReader(string text)
{
    private const int MaxDepth = 8;
    private const int MaxTerms = 50;
    private int at;
    private int terms;

    /// Why it was refused; null while all is well.
    public string? Problem { get; private set; }

    /// The whole text as one term: `name`, or `helper name ...` without the parentheses around it. Null if it was refused.
    public Term? Whole()
    {
        var first = Value(0);
        Blanks();
        if (Problem is null && at == text.Length && first?.Literal is null) return first;
        if (Problem is null && first is { Path: { } name } && Rest(name, 0) is { } call) return new Term(Call: call);
        Problem ??= "a text or a number alone is no variable: write it without {{ }}";
        return null;
    }

    private Call? Rest(string name, int depth)
    {
        var (arguments, named) = (new List<Term>(), new List<KeyValuePair<string, Term>>());
        for (Blanks(); at < text.Length && text[at] != ')' && Problem is null; Blanks())
        {
            if (NamedWord().Match(text, at) is { Success: true } match)
            {
                at += match.Length;
                if (named.Exists(n => n.Key == match.Groups[1].Value)) Problem = $"{match.Groups[1].Value}= stands twice";
                else if (Value(depth) is { } value) named.Add(KeyValuePair.Create(match.Groups[1].Value, value));
            }
            else if (Value(depth) is { } argument) arguments.Add(argument);
        }
        if (depth == 0 && at < text.Length) Problem ??= "a ) too many";
        return Problem is null ? new Call(name, arguments, named) : null;
    }

    private Term? Value(int depth)
    {
        Blanks();
        if (++terms > MaxTerms) return Refuse($"more than {MaxTerms} words in one tag");
        if (at == text.Length) return Refuse("something is missing at the end");
        return text[at] switch
        {
            '(' => Nested(depth + 1),
            '"' or '\'' => Quoted(text[at]),
            _ => Word(),
        };
    }

    private Term? Nested(int depth)
    {
        if (depth > MaxDepth) return Refuse($"parentheses nested deeper than {MaxDepth}");
        at++;
        if (Value(depth) is not { } first) return null;
        if (first.Path is not { } name) return Refuse("the first word in parentheses is a helper, as in (eq plan \"pro\")");
        if (Rest(name, depth) is not { } call) return null;
        if (at == text.Length) return Refuse("a ( is never closed");
        at++;
        return new Term(Call: call);
    }

    private Term? Quoted(char quote)
    {
        var end = text.IndexOf(quote, at + 1);
        if (end < 0) return Refuse($"a text in {quote} is never closed");
        var words = text[(at + 1)..end];
        at = end + 1;
        return words.Contains('\\', StringComparison.Ordinal) ? Refuse("no backslash in a text: use the other kind of quote around it") : new Term(Literal: words);
    }

    private Term? Word()
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')' or '"' or '\'')) at++;
        var word = text[start..at];
        if (word is "true" or "false") return new Term(Literal: word == "true");
        if (Number().IsMatch(word)) return new Term(Literal: decimal.Parse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
        return IsPath(word) ? new Term(Path: word) : Refuse($"'{Shown(word)}' is not a name: use letters, digits, _ and -, with dots between");
    }

    private Term? Refuse(string problem)
    {
        Problem ??= problem;
        return null;
    }

    private void Blanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    public static bool IsPath(string text) => text.Length <= 200 && Path().IsMatch(text);

    public static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // `../` leads to the outer block; @root, @index, @key, @first and @last are the language's own; a number is a place in a list.
    [GeneratedRegex(@"\A(?:\.\./)*(?:this|\.|@(?:index|key|first|last)|(?:@root\.|this\.)?[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Path();

    [GeneratedRegex(@"\A-?[0-9]{1,15}(?:\.[0-9]{1,10})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    [GeneratedRegex(@"\G([A-Za-z_][A-Za-z0-9_]{0,30})=")]
    private static partial Regex NamedWord();
}
