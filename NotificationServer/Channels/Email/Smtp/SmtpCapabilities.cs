using System.Globalization;

namespace NotificationServer.Channels.Email.Smtp;

/// What a server says that it can do, in answer to EHLO.
internal sealed record SmtpCapabilities
{
    public bool StartTls { get; private init; }
    public bool Pipelining { get; private init; }
    public bool EightBit { get; private init; }
    public bool Utf8 { get; private init; }
    /// The largest message; 0: no limit is told.
    public long Size { get; private init; }
    public IReadOnlySet<string> Mechanisms { get; private init; } = new HashSet<string>();

    public static SmtpCapabilities Of(SmtpReply hello)
    {
        var lines = hello.Text.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0).ToArray();
        var names = lines.Select(words => words[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new SmtpCapabilities
        {
            StartTls = names.Contains("STARTTLS"),
            Pipelining = names.Contains("PIPELINING"),
            EightBit = names.Contains("8BITMIME"),
            Utf8 = names.Contains("SMTPUTF8"),
            Size = Words("SIZE").Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0).FirstOrDefault(),
            // "AUTH=PLAIN" is how servers of the last century spelt it.
            Mechanisms = Words("AUTH").Concat(names.Where(name => name.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase)).Select(name => name[5..]))
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
        };

        IEnumerable<string> Words(string name) => lines.Where(words => words[0].Equals(name, StringComparison.OrdinalIgnoreCase)).SelectMany(words => words.Skip(1));
    }
}
