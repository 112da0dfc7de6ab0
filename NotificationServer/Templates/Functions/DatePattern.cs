using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace NotificationServer.Templates.Functions;

/// How a date is written: one of the styles that each language fills in for itself, or a pattern of the writer's own.
internal sealed class DatePattern
{
    private const int Longest = 60;
    private static readonly string[] Styles = ["short", "medium", "long", "full", "time", "datetime", "iso"];

    // Longest first: the first that fits is meant. Small and capital letters as people know them from either world.
    private static readonly (string Written, string Means, bool OfTime)[] Words =
    [
        ("MMMM", "MMMM", false), ("MMM", "MMM", false), ("MM", "MM", false), ("M", "M", false),
        ("YYYY", "yyyy", false), ("yyyy", "yyyy", false), ("YY", "yy", false), ("yy", "yy", false),
        ("dddd", "dddd", false), ("ddd", "ddd", false), ("DD", "dd", false), ("dd", "dd", false), ("D", "d", false), ("d", "d", false),
        ("EEEE", "dddd", false), ("EEE", "ddd", false),
        ("HH", "HH", true), ("H", "H", true), ("hh", "hh", true), ("h", "h", true), ("mm", "mm", true), ("ss", "ss", true), ("A", "tt", true), ("a", "tt", true),
    ];

    private static readonly ConcurrentDictionary<CultureInfo, (string Medium, string Long, string Full)> Known = new();

    private readonly string style;
    private readonly string? own;

    private DatePattern(string style, string? own, bool needsTime) => (this.style, this.own, NeedsTime) = (style, own, needsTime);

    public bool NeedsTime { get; }

    public static DatePattern? Of(string written, out string? problem)
    {
        problem = null;
        if (Styles.Contains(written)) return new DatePattern(written, null, written is "time" or "datetime");
        if (Translate(written, out var needsTime) is { } own) return new DatePattern("", own, needsTime);
        problem = $"'{TermReader.Shown(written)}' is no style: use {string.Join(", ", Styles)}, or a pattern of D DD M MM MMM MMMM YY YYYY ddd dddd H HH h hh mm ss A, blanks and . , - / :";
        return null;
    }

    public string Format(DateTimeOffset time, bool hasTime, CultureInfo culture) => style switch
    {
        "short" => time.ToString("d", culture),
        "medium" => time.ToString(Of(culture).Medium, culture),
        "long" => time.ToString(Of(culture).Long, culture),
        "full" => time.ToString(Of(culture).Full, culture),
        "time" => time.ToString("t", culture),
        "datetime" => $"{time.ToString(Of(culture).Medium, culture)}, {time.ToString("t", culture)}",
        "iso" => time.ToString(hasTime ? "yyyy-MM-dd'T'HH:mm:sszzz" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => time.ToString(own, culture),
    };

    // Of the patterns that the platform knows for a language, the one with the name of the weekday is full, the one without is
    // long, and the short one with the month in letters is medium.
    private static (string Medium, string Long, string Full) Of(CultureInfo culture)
    {
        // Cultures come from people's settings; there are some eight hundred of them, and each is listed once.
        if (Known.TryGetValue(culture, out var known)) return known;
        var format = culture.Equals(CultureInfo.InvariantCulture) ? CultureInfo.GetCultureInfo("en-GB").DateTimeFormat : culture.DateTimeFormat;
        var (days, shorts) = (format.GetAllDateTimePatterns('D'), format.GetAllDateTimePatterns('d'));
        var full = days.FirstOrDefault(p => p.Contains("dddd", StringComparison.Ordinal)) ?? format.LongDatePattern;
        var longer = days.FirstOrDefault(p => !p.Contains("ddd", StringComparison.Ordinal)) ?? full;
        var medium = shorts.FirstOrDefault(p => p.Contains("MMM", StringComparison.Ordinal)) ?? shorts.FirstOrDefault(p => p.Contains("yyyy", StringComparison.Ordinal) && p.Contains("dd", StringComparison.Ordinal))
            ?? shorts.FirstOrDefault(p => p.Contains("yyyy", StringComparison.Ordinal)) ?? format.ShortDatePattern;
        return Known.GetOrAdd(culture, (medium, longer, full));
    }

    private static string? Translate(string written, out bool needsTime)
    {
        needsTime = false;
        var pattern = new StringBuilder();
        if (written.Length is 0 or > Longest) return null;
        for (var at = 0; at < written.Length;)
        {
            var (word, means, ofTime) = Array.Find(Words, w => string.CompareOrdinal(written, at, w.Written, 0, w.Written.Length) == 0);
            if (word is not null)
            {
                // A letter that goes on behind the longest fit is something that is not in the list.
                if (at + word.Length < written.Length && written[at + word.Length] == word[0]) return null;
                pattern.Append(means);
                needsTime |= ofTime;
                at += word.Length;
            }
            else if (written[at] is ' ' or '.' or ',' or '-' or '/' or ':') pattern.Append('\\').Append(written[at++]);
            else return null;
        }
        // One letter alone would be a style of the platform's.
        return pattern.Length == 1 ? $"%{pattern}" : pattern.ToString();
    }
}
