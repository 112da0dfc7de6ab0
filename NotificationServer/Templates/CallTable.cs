using NotificationServer.Templates.Functions;
using NotificationServer.Templates.Html;

namespace NotificationServer.Templates;

/// The calls of one text, and how the text names them.
internal sealed class CallTable(bool plainBlanks)
{
    private readonly List<PreparedCall> all = [];

    public IReadOnlyList<PreparedCall> All => all;

    /// `$call 3 @root this.order.total`; null if it can never be evaluated.
    public string? Add(Term term, HtmlPlace place, out string? problem)
    {
        var paths = new List<string>();
        if (FunctionList.Compile(term, paths, out problem) is not { } evaluate) return null;
        if (plainBlanks && term.Call is not null) evaluate = WithPlainBlanks(evaluate);
        all.Add(new PreparedCall(evaluate, place, FunctionList.Encodes(term)));
        return string.Join(' ', [CallSite.Word, $"{all.Count - 1}", "@root", .. paths.Select(Path)]);
    }

    /// Never a bare word: the library would look for a helper of that name, and remember every word it was ever asked for.
    public static string Path(string path) =>
        path is "." ? "this" : path == "this" || path.StartsWith("this.", StringComparison.Ordinal) || path[0] is '@' or '.' ? path : $"this.{path}";

    // Languages put narrow and no-break spaces into numbers and times. One of them makes an SMS twice as long.
    private static Evaluation WithPlainBlanks(Evaluation evaluate) => (in values, speech) =>
        evaluate(values, speech) is var value && value is string text ? text.Replace('\u202f', ' ').Replace('\u00a0', ' ') : value;
}
