using System.Text.RegularExpressions;

namespace NotificationServer.Templates;

/// What may stand between {{ and }}. Everything that is not listed is refused with a reason, so that what reaches the parser
/// is a subset small enough to be known by heart: a printed path, if, unless, each, with, else, comments.
internal static partial class TagGrammar
{
    private static readonly string[] Blocks = ["if", "unless", "each", "with"];
    // The library looks helpers up without regard to case.
    private static readonly HashSet<string> Reserved = new(["if", "unless", "each", "with", "else", "lookup", "log", "inline"], StringComparer.OrdinalIgnoreCase);

    public static (Tag Tag, string? Code, string? Problem) Parse(string inside)
    {
        if (inside.Length == 0) return Refuse("template_syntax", "an empty tag");
        return inside[0] switch
        {
            '#' => ParseOpen(inside[1..]),
            '/' => ParseClose(inside[1..].Trim()),
            '^' when inside.Length == 1 => (new Tag(TagKind.Else, "", ""), null, null),
            '&' => Refuse("raw_output", "output without escaping is not offered: write {{name}}"),
            '>' => Refuse("partials_not_offered", "templates cannot include templates"),
            _ => ParseWords(inside),
        };
    }

    private static (Tag, string?, string?) ParseOpen(string rest)
    {
        var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !Blocks.Contains(words[0]))
            return Refuse("unknown_block", $"blocks are #if, #unless, #each and #with, not '#{Shown(rest)}'");
        if (words.Length != 2 || !IsPath(words[1]))
            return Refuse("template_syntax", $"#{words[0]} takes one name, as in {{{{#{words[0]} order.items}}}}");
        return (new Tag(TagKind.Open, words[0], words[1]), null, null);
    }

    private static (Tag, string?, string?) ParseClose(string word) => Blocks.Contains(word)
        ? (new Tag(TagKind.Close, word, ""), null, null)
        : Refuse("unknown_block", $"'/{Shown(word)}' closes no block");

    private static (Tag, string?, string?) ParseWords(string inside)
    {
        var words = inside.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is ["else"]) return (new Tag(TagKind.Else, "", ""), null, null);
        if (words is ["else", "if", var condition] && IsPath(condition)) return (new Tag(TagKind.ElseIf, "", condition), null, null);
        if (words.Length > 1) return Refuse("unknown_helper", $"'{Shown(words[0])}' is not a helper: write one name, as in {{{{order.number}}}}");
        if (Reserved.Contains(inside)) return Refuse("reserved_name", $"'{inside}' is a word of the language and cannot be a variable");
        return IsPath(inside)
            ? (new Tag(TagKind.Print, "", inside), null, null)
            : Refuse("template_syntax", $"'{Shown(inside)}' is not a name: use letters, digits, _ and -, with dots between");
    }

    private static bool IsPath(string text) => text.Length <= 200 && Path().IsMatch(text);

    private static (Tag, string, string) Refuse(string code, string problem) => (default, code, problem);

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // `../` leads to the outer block; @root, @index, @key, @first and @last are the language's own; a number is a place in a list.
    [GeneratedRegex(@"\A(?:\.\./)*(?:this|\.|@(?:index|key|first|last)|(?:@root\.|this\.)?[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Path();
}
