namespace NotificationServer.Admin.Pages.Blocked;

internal sealed record ListLine(int Number, string Text);

/// A list that somebody pasted or uploaded: one to a line, of a CSV file its first column, each once.
internal sealed record PastedList(IReadOnlyList<ListLine> Lines, bool TooLong)
{
    public const int MostLines = 10_000;
    private const int MostCharacters = 4096;
    private static readonly string[] Headings = ["user_id", "userid", "user", "id", "email", "e-mail", "mail", "phone", "address", "token"];

    public static PastedList Of(string? text)
    {
        var lines = new List<ListLine>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in (text ?? "").Split('\n'))
        {
            number++;
            var value = FirstColumn(line.Trim().TrimStart('\uFEFF'));
            if (value.Length == 0 || (lines.Count == 0 && number == 1 && Headings.Contains(value.ToLowerInvariant())) || !seen.Add(value)) continue;
            if (lines.Count == MostLines) return new PastedList(lines, TooLong: true);
            lines.Add(new ListLine(number, value[..Math.Min(value.Length, MostCharacters + 1)]));
        }
        return new PastedList(lines, TooLong: false);
    }

    private static string FirstColumn(string line)
    {
        if (line.StartsWith('"') && line.IndexOf('"', 1) is > 0 and var end) return line[1..end].Trim();
        var cut = line.IndexOfAny([',', ';', '\t']);
        return (cut < 0 ? line : line[..cut]).Trim();
    }
}

/// What a list would do. Add: in their stored form. Strangers: those among them who are not known here otherwise.
internal sealed record ListPreview
{
    public required IReadOnlyList<string> Add { get; init; }
    public IReadOnlyList<string> Strangers { get; init; } = [];
    public int Already { get; init; }
    public IReadOnlyList<ListLine> Nobody { get; init; } = [];
    public IReadOnlyList<ListLine> Wrong { get; init; } = [];
    public bool TooLong { get; init; }

    /// All or nothing: a list with a mistake in it is mended first.
    public bool CanBeDone => Add.Count > 0 && Wrong.Count == 0 && !TooLong;
}
