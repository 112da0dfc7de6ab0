using System.Text;

namespace NotificationServer.Templates;

/// A text with its partials put in, which still knows where each piece was written.
internal sealed class ExpandedText
{
    private readonly StringBuilder text = new();
    private readonly List<(int Start, string? Partial, int Line)> pieces = [];

    public int Length => text.Length;

    public override string ToString() => text.ToString();

    /// <param name="line">The line that the piece begins on in what it was written in; null partial: the template itself.</param>
    public void Add(ReadOnlySpan<char> piece, string? partial, int line)
    {
        pieces.Add((text.Length, partial, line));
        text.Append(piece);
    }

    public void Add(ExpandedText other)
    {
        foreach (var (start, partial, line) in other.pieces) pieces.Add((text.Length + start, partial, line));
        text.Append(other.text);
    }

    public void TrimEnd()
    {
        while (text.Length > 0 && char.IsWhiteSpace(text[^1])) text.Length--;
    }

    /// "line 3", or "partial 'footer', line 3".
    public string Where(int at)
    {
        var piece = pieces.FindLastIndex(p => p.Start <= at);
        var (start, partial, line) = piece < 0 ? (0, null, 1) : pieces[piece];
        for (var i = start; i < at && i < text.Length; i++)
            if (text[i] == '\n') line++;
        return partial is null ? $"line {line}" : $"partial '{partial}', line {line}";
    }
}
