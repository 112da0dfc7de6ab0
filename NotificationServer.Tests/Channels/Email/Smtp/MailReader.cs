using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NotificationServer.Tests.Channels.Email.Smtp;

/// A mail as a mail program reads it: written again from the standards, so that writer and reader share no mistake.
internal sealed partial class MailReader
{
    private readonly List<(string Name, string Value)> headers = [];

    private MailReader(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Body = text[(end + 4)..];
        foreach (var line in Regex.Replace(text[..end], "\r\n([ \t])", "$1").Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }
    }

    public string Body { get; }
    public IReadOnlyList<string> Names => [.. headers.Select(header => header.Name)];
    public string? this[string name] => headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { } value ? Decoded(value) : null;
    public string Raw(string name) => headers.Single(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// As it was on the wire: doubled dots become one again.
    public static MailReader OfWire(byte[] mail) => Of(Unstuffed(mail));

    public static MailReader Of(string text) => new(text);

    public static string Unstuffed(byte[] mail) => Regex.Replace(Encoding.UTF8.GetString(mail), "(^|\r\n)\\.", "$1");

    public IReadOnlyList<MailReader> Parts
    {
        get
        {
            if (Boundary().Match(this["Content-Type"] ?? "") is not { Success: true } boundary) return [];
            var pieces = $"\r\n{Body}".Split($"\r\n--{boundary.Groups[1].Value}");
            Assert.StartsWith("--", pieces[^1], StringComparison.Ordinal);
            return [.. pieces[1..^1].Select(piece => new MailReader(piece["\r\n".Length..] + "\r\n"))];
        }
    }

    /// The words of a part, whatever it was encoded with.
    public string Text => Raw("Content-Transfer-Encoding") switch
    {
        "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(Body)),
        "quoted-printable" => Encoding.UTF8.GetString(Unquoted(Body.Replace("=\r\n", "", StringComparison.Ordinal))),
        var other => throw new InvalidDataException(other),
    };

    private static byte[] Unquoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
            if (text[i] != '=') bytes.Add((byte)text[i]);
            else
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
        return [.. bytes];
    }

    private static string Decoded(string value) =>
        EncodedWord().Replace(Between().Replace(value, "?="), word => Encoding.UTF8.GetString(word.Groups[1].Value is "B" or "b"
            ? Convert.FromBase64String(word.Groups[2].Value)
            : Unquoted(word.Groups[2].Value.Replace('_', ' '))));

    // The blank between two encoded words is not part of the text.
    [GeneratedRegex(@"\?=\s+(?==\?)")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?UTF-8\?([BQbq])\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();

    [GeneratedRegex("boundary=\"([^\"]+)\"")]
    private static partial Regex Boundary();
}
