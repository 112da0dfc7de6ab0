using System.Buffers;
using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// Text as ASCII lines of at most 76 characters (RFC 2045): what any server passes on unchanged, so that a signature
/// over it holds.
internal static class MimeText
{
    private const int Longest = 76;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\t"u8);

    /// The body and the name of its transfer encoding. Each line ends in CRLF.
    public static (string Encoding, string Body) Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        var escaped = 0;
        foreach (var one in bytes)
            if (!Plain.Contains(one) && one is not ((byte)'\r' or (byte)'\n')) escaped++;
        // An escape is three letters for one, base64 is four for three: Chinese reads better as base64, French as it stands.
        return escaped > bytes.Length / 6 ? ("base64", Base64(bytes)) : ("quoted-printable", QuotedPrintable(bytes));
    }

    private static string Base64(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        var lines = new StringBuilder(text.Length + text.Length / Longest * 2 + 2);
        for (var at = 0; at < text.Length; at += Longest) lines.Append(text, at, Math.Min(Longest, text.Length - at)).Append("\r\n");
        return lines.ToString();
    }

    private static string QuotedPrintable(byte[] bytes)
    {
        var to = new StringBuilder(bytes.Length + bytes.Length / 8);
        var column = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n')
            {
                to.Append("\r\n");
                column = 0;
                i++;
                continue;
            }
            var ends = i + 1 == bytes.Length || bytes[i + 1] == '\r';
            // A blank at a line's end is what the next server would drop.
            var escape = !Plain.Contains(bytes[i]) || (ends && bytes[i] is (byte)' ' or (byte)'\t' && ends);
            var width = escape ? 3 : 1;
            // The last place of a line is kept for the sign that it goes on.
            if (column + width > (ends ? Longest : Longest - 1))
            {
                to.Append("=\r\n");
                column = 0;
            }
            if (escape) to.Append('=').Append(Hex(bytes[i] >> 4)).Append(Hex(bytes[i] & 15));
            else to.Append((char)bytes[i]);
            column += width;
        }
        if (column > 0) to.Append("\r\n");
        return to.ToString();
    }

    private static char Hex(int digit) => (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
