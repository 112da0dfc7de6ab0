using System.Text;

namespace NotificationServer.Tracking.Bounces;

/// The two ways in which a part may be wrapped. What is wrongly wrapped stays as it is.
internal static class TransferEncoding
{
    public static string FromBase64(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var c in text)
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/') letters.Append(c);
        // Whole groups of four only; the padding is put back.
        var length = letters.Length - (letters.Length % 4 == 1 ? 1 : 0);
        var padded = letters.ToString(0, length) + new string('=', (4 - length % 4) % 4);
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out var written) ? Encoding.Latin1.GetString(bytes, 0, written).Replace("\r\n", "\n", StringComparison.Ordinal) : text;
    }

    public static string FromQuotedPrintable(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=') plain.Append(text[i]);
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                plain.Append((char)((Value(text[i + 1]) << 4) | Value(text[i + 2])));
                i += 2;
            }
            // A line that goes on below.
            else if (i + 1 < text.Length && text[i + 1] == '\n') i++;
            else plain.Append('=');
        }
        return plain.ToString();
    }

    private static int Value(char hex) => hex switch
    {
        >= '0' and <= '9' => hex - '0',
        >= 'a' and <= 'f' => hex - 'a' + 10,
        _ => hex - 'A' + 10,
    };
}
