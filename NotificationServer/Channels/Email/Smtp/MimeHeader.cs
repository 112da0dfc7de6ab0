using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// Header values: no line end of anybody's gets into one, non-ASCII words are encoded (RFC 2047), long ones are folded.
internal static class MimeHeader
{
    private const int Wanted = 78;
    // RFC 5322: 998 and the line end; what cannot be folded below that is not sent.
    private const int Longest = 998;
    private const int EncodedWord = 75;

    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> Phrase = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");
    /// What may stand in an encoded word anywhere in a header, a phrase included.
    private static readonly SearchValues<byte> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"u8);

    public static bool IsName(string name) => name.Length is > 0 and <= 76 && !name.AsSpan().ContainsAnyExcept(Token);

    /// Whether every line of it may be sent; one word of a thousand letters cannot.
    public static bool Fits(string field) => field.Split("\r\n").All(line => line.Length <= Longest);

    /// For people: a subject.
    public static string Text(string value, int column)
    {
        var clean = Clean(value);
        return Ascii.IsValid(clean) && !clean.Contains("=?", StringComparison.Ordinal) && LongestWord(clean) < Wanted
            ? Fold(clean, column)
            : Encode(clean, column);
    }

    /// For programs: written as it is where it is ASCII, for an encoded word would mean nothing to them.
    public static string Value(string value, int column)
    {
        var clean = Clean(value);
        return Ascii.IsValid(clean) ? Fold(clean, column) : Encode(clean, column);
    }

    public static string Mailbox(string? name, MailPath path, int column)
    {
        var clean = name is null ? "" : Clean(name);
        if (clean.Length == 0) return path.ToString();
        var phrase = !Ascii.IsValid(clean) || clean.Contains("=?", StringComparison.Ordinal) || clean.Length > Wanted / 2 ? Encode(clean, column)
            : clean.AsSpan().ContainsAnyExcept(Phrase) ? $"\"{clean.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : clean;
        var last = phrase.Length - (phrase.LastIndexOf('\n') + 1) + (phrase.Contains('\n', StringComparison.Ordinal) ? 0 : column);
        return $"{phrase}{(last + path.ToString().Length + 3 > Wanted ? "\r\n " : " ")}<{path}>";
    }

    /// Line ends and other control characters become blanks: a name with a line end in it is a name, not two headers.
    public static string Clean(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var letter in value) text.Append(char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter);
        return text.ToString().Trim();
    }

    /// Only at blanks, which stay: joining the lines again gives the same text.
    private static string Fold(string value, int column)
    {
        if (column + value.Length <= Wanted) return value;
        var folded = new StringBuilder(value.Length + 16);
        foreach (var word in value.Split(' '))
        {
            // Two blanks in a row are an empty word: a line of nothing but blanks would end the headers for some.
            if (folded.Length > 0) folded.Append(column + 1 + word.Length > Wanted && word.Length > 0 && folded[^1] != ' ' ? "\r\n " : " ");
            column = folded.Length > 1 && folded[^2] == '\n' ? 1 + word.Length : column + 1 + word.Length;
            folded.Append(word);
        }
        return folded.ToString();
    }

    /// Encoded words, none longer than 75, none with half a character.
    private static string Encode(string text, int column)
    {
        var quoted = Encoding.UTF8.GetBytes(text).Count(one => !Bare.Contains(one) && one != ' ') * 3 < text.Length;
        var words = new StringBuilder();
        var word = new StringBuilder();
        var pending = new List<byte>();
        var room = Math.Max(EncodedWord - column, 24);
        Span<byte> buffer = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = buffer[..rune.EncodeToUtf8(buffer)];
            if (Width(quoted, word, pending, bytes) + "=?UTF-8?Q??=".Length > room)
            {
                Close(words, word, pending, quoted);
                words.Append("\r\n ");
                room = EncodedWord;
            }
            if (quoted) Quote(word, bytes);
            else pending.AddRange(bytes);
        }
        Close(words, word, pending, quoted);
        return words.ToString();
    }

    private static int Width(bool quoted, StringBuilder word, List<byte> pending, ReadOnlySpan<byte> next)
    {
        if (!quoted) return (pending.Count + next.Length + 2) / 3 * 4;
        var width = word.Length;
        foreach (var one in next) width += Bare.Contains(one) || one == ' ' ? 1 : 3;
        return width;
    }

    private static void Quote(StringBuilder word, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            if (one == ' ') word.Append('_');
            else if (Bare.Contains(one)) word.Append((char)one);
            else word.Append('=').Append(one.ToString("X2", CultureInfo.InvariantCulture));
    }

    private static void Close(StringBuilder words, StringBuilder word, List<byte> pending, bool quoted)
    {
        words.Append("=?UTF-8?").Append(quoted ? 'Q' : 'B').Append('?')
            .Append(quoted ? word.ToString() : Convert.ToBase64String(pending.ToArray())).Append("?=");
        word.Clear();
        pending.Clear();
    }

    private static int LongestWord(string text) => text.Split(' ').Max(word => word.Length);
}
