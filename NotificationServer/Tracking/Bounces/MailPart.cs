using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Tracking.Bounces;

/// A mail, or a part of one, taken apart as far as it can be: mail servers write all kinds of things, and what comes into this mailbox
/// anybody may have written. Never throws, never goes deeper or looks at more than the bounds below.
internal sealed class MailPart
{
    private const int MostHeaders = 500;
    private const int MostParts = 50;
    private const int Deepest = 6;

    private readonly List<(string Name, string Value)> headers;
    private readonly string body;

    private MailPart(List<(string, string)> headers, string body) => (this.headers, this.body) = (headers, body);

    public string Type { get; private init; } = "text/plain";
    public IReadOnlyList<MailPart> Parts { get; private set; } = [];

    /// Itself and all that is in it, from the outside in.
    public IEnumerable<MailPart> All => Parts.SelectMany(part => part.All).Prepend(this);

    public IEnumerable<string> Headers(string name) => headers.Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value);

    public string? Header(string name) => Headers(name).FirstOrDefault();

    /// Without its transfer encoding.
    public string Text => (Header("Content-Transfer-Encoding") ?? "").Trim().ToLowerInvariant() switch
    {
        "base64" => TransferEncoding.FromBase64(body),
        "quoted-printable" => TransferEncoding.FromQuotedPrintable(body),
        _ => body,
    };

    /// One byte is one character: what counts in reports is ASCII, and nothing is lost of the rest.
    public static MailPart Parse(ReadOnlySpan<byte> mail) => Parse(Encoding.Latin1.GetString(mail).Replace("\r\n", "\n", StringComparison.Ordinal), depth: 0);

    private static MailPart Parse(string text, int depth)
    {
        var (headers, body) = HeaderBlock(text);
        var content = headers.FirstOrDefault(one => one.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "text/plain";
        var type = content.Split(';')[0].Trim().ToLowerInvariant();
        var part = new MailPart(headers, body) { Type = type };
        if (depth >= Deepest) return part;
        if (type.StartsWith("multipart/", StringComparison.Ordinal) && Parameter(content, "boundary") is { Length: > 0 } boundary)
            part.Parts = [.. Between(body, boundary).Select(inner => Parse(inner, depth + 1))];
        // The mail that came back, or its headers: read like a mail.
        else if (type is "message/rfc822" or "text/rfc822-headers" or "message/rfc822-headers" or "message/global" or "message/global-headers")
            part.Parts = [Parse(part.Text.TrimStart('\n'), depth + 1)];
        return part;
    }

    /// Up to the first empty line. A line that begins with a blank goes on with the one before it.
    internal static (List<(string Name, string Value)> Headers, string Body) HeaderBlock(string text)
    {
        var headers = new List<(string Name, string Value)>();
        var at = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            var line = end < 0 ? text[at..] : text[at..end];
            at = end < 0 ? text.Length : end + 1;
            if (line.Length == 0) break;
            if (line[0] is ' ' or '\t')
            {
                if (headers.Count > 0 && headers[^1].Value.Length < 2000) headers[^1] = (headers[^1].Name, Shortened($"{headers[^1].Value} {line.Trim()}".Trim()));
                continue;
            }
            // A mailbox's "From somebody on some day", or no header at all: passed over, as mail programs do.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && headers.Count < MostHeaders) headers.Add((line[..colon].Trim(), Shortened(line[(colon + 1)..].Trim())));
        }
        return (headers, text[at..]);
    }

    private static string Shortened(string value) => value.Storable(2000);

    private static string? Parameter(string content, string name)
    {
        foreach (var piece in content.Split(';').Skip(1))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && piece[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return piece[(equals + 1)..].Trim().Trim('"');
        }
        return null;
    }

    /// The last part may lack its end: mails are cut off.
    private static List<string> Between(string body, string boundary)
    {
        var (parts, mark) = (new List<string>(), "--" + boundary);
        var (start, at) = (-1, 0);
        while (at <= body.Length && parts.Count < MostParts)
        {
            var found = body.IndexOf(mark, at, StringComparison.Ordinal);
            if (found > 0 && body[found - 1] != '\n')
            {
                at = found + mark.Length;
                continue;
            }
            if (start >= 0) parts.Add(body[start..(found < 0 ? body.Length : Math.Max(start, found - 1))]);
            if (found < 0 || body.AsSpan(found + mark.Length).StartsWith("--")) break;
            var line = body.IndexOf('\n', found);
            if (line < 0) break;
            (start, at) = (line + 1, line + 1);
        }
        return parts;
    }
}
