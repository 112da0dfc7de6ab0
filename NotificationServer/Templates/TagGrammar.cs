using NotificationServer.Templates.Functions;

namespace NotificationServer.Templates;

/// What may stand between {{ and }}. Everything that is not listed is refused with a reason, so that what reaches the parser
/// is a subset small enough to be known by heart: a printed path, if, unless, each, with, else, and the one call of
/// <see cref="CallSite"/> that stands for every helper.
internal static class TagGrammar
{
    private static readonly string[] Blocks = ["if", "unless", "each", "with"];
    // As other mail services write them: {{#equals a b}} is {{#if (eq a b)}}.
    private static readonly string[] Comparing = ["equals", "notEquals", "greaterThan", "lessThan", "and", "or"];
    // The library looks helpers up without regard to case.
    private static readonly HashSet<string> Reserved = new(["if", "unless", "each", "with", "else", "lookup", "log", "inline"], StringComparer.OrdinalIgnoreCase);

    public static bool IsCondition(string block) => block is "if" or "unless" || Comparing.Contains(block);

    /// The library's own word for a block.
    public static string Canonical(string block) => Comparing.Contains(block) ? "if" : block;

    public static (Tag Tag, string? Code, string? Problem) Parse(string inside)
    {
        if (inside.Length == 0) return Refuse("template_syntax", "an empty tag");
        return inside[0] switch
        {
            '#' => ParseOpen(inside[1..]),
            '/' => ParseClose(inside[1..].Trim()),
            '^' when inside.Length == 1 => (new Tag(TagKind.Else), null, null),
            '&' => Refuse("raw_output", "output without escaping is not offered: write {{name}}"),
            _ => ParseWords(inside),
        };
    }

    private static (Tag, string?, string?) ParseOpen(string rest)
    {
        var word = FirstWord(rest);
        if (Comparing.Contains(word)) return Understood(TagKind.Open, word, rest, needsCall: true);
        if (!Blocks.Contains(word))
            return Refuse("unknown_block", $"blocks are #if, #unless, #each and #with, not '#{TermReader.Shown(rest)}'");
        var subject = rest[word.Length..].Trim();
        if (word is "if" or "unless") return Understood(TagKind.Open, word, subject);
        return TermReader.IsPath(subject)
            ? (new Tag(TagKind.Open, word, new Term(Path: subject)), null, null)
            : Refuse("template_syntax", $"#{word} takes one name, as in {{{{#{word} order.items}}}}");
    }

    private static (Tag, string?, string?) ParseClose(string word) => Blocks.Contains(word) || Comparing.Contains(word)
        ? (new Tag(TagKind.Close, word), null, null)
        : Refuse("unknown_block", $"'/{TermReader.Shown(word)}' closes no block");

    private static (Tag, string?, string?) ParseWords(string inside)
    {
        if (inside == "else") return (new Tag(TagKind.Else), null, null);
        var word = FirstWord(inside);
        if (word == "else" && FirstWord(inside[4..].TrimStart()) == "if") return Understood(TagKind.ElseIf, "", inside[4..].TrimStart()[2..].Trim());
        if (word == inside && Reserved.Contains(inside)) return Refuse("reserved_name", $"'{inside}' is a word of the language and cannot be a variable");
        if (word != inside && !FunctionList.Knows(word) && TermReader.IsPath(word))
            return Refuse("unknown_helper", $"'{TermReader.Shown(word)}' is not a helper: write one name, as in {{{{order.number}}}}");
        return Understood(TagKind.Print, "", inside);
    }

    private static (Tag, string?, string?) Understood(TagKind kind, string word, string words, bool needsCall = false)
    {
        var reader = new TermReader(words);
        var term = words.Length == 0 ? null : reader.Whole();
        if (term is null) return Refuse("template_syntax", reader.Problem ?? $"#{word} takes one name or a comparison, as in {{{{#if (eq plan \"pro\")}}}}");
        if (needsCall && term.Call is null) return Refuse("template_syntax", $"#{word} compares, as in {{{{#{word} plan \"pro\"}}}}");
        // {{#if a b}} is a slip, not a comparison.
        if (!needsCall && kind != TagKind.Print && term.Call is not null && words[0] != '(')
            return Refuse("template_syntax", $"put the comparison in parentheses, as in {{{{#if (eq plan \"pro\")}}}}");
        if (kind == TagKind.Print && words[0] == '(') return Refuse("template_syntax", "no parentheses around what is printed");
        return (new Tag(kind, word, term), null, null);
    }

    private static string FirstWord(string text)
    {
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '(') end++;
        return text[..end];
    }

    private static (Tag, string, string) Refuse(string code, string problem) => (default, code, problem);
}
