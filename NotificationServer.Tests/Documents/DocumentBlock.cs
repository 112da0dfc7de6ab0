using System.Text.RegularExpressions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Documents;

/// A fenced piece of a document: ```` ```bash ````, and what else stands behind the language.
internal sealed record DocumentBlock(string Document, int Line, string Language, string Info, string Text)
{
    private const string Elsewhere = "elsewhere:";
    private const string Answers = "answers=";

    public string Place => $"{Document}:{Line}";

    /// Why it is not run here: `elsewhere: REASON` behind the language.
    public string? WhyElsewhere => Info.StartsWith(Elsewhere, StringComparison.Ordinal) ? Info[Elsewhere.Length..].Trim() : null;

    /// The refusal that it shows: `answers=422` behind the language.
    public string? Refusal => Info.StartsWith(Answers, StringComparison.Ordinal) ? Info[Answers.Length..].Trim() : null;

    /// What people read who use the server, and what they are told by it; not what only those read who build it.
    public static IReadOnlyList<string> Documents { get; } =
        ["README.md", .. Source.Files("docs", ".md")];

    public static IReadOnlyList<DocumentBlock> All { get; } = [.. Documents.SelectMany(document => Of(document, Source.Read(document)))];

    public static IEnumerable<DocumentBlock> Of(string document, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence(lines[i]) is not { Length: > 0 } opening) continue;
            var end = Array.FindIndex(lines, i + 1, line => line.Trim() == "```");
            if (end < 0) throw new InvalidOperationException($"{document}:{i + 1}: a fence that never ends");
            var words = opening.Split(' ', 2, StringSplitOptions.TrimEntries);
            yield return new DocumentBlock(document, i + 1, words[0], words.Length > 1 ? words[1] : "", string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }

    private static string? Fence(string line)
    {
        var match = Regex.Match(line, "^\\s*```(.*)$");
        if (!match.Success) return null;
        var info = match.Groups[1].Value.Trim();
        return info.Length > 0 ? info : "text";
    }
}
