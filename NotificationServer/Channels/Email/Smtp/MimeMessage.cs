using System.Globalization;
using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// A mail as it goes over the wire, before dots are doubled: header fields without their last line end, and the body.
internal sealed record MimeMessage(IReadOnlyList<string> Fields, string Body)
{
    /// Those that are made here, or that a server writes: nobody else's value for them goes out.
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        "Content-Disposition", "DKIM-Signature", "Received", "Return-Path", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-From",
    };

    /// Bytes of a mail to a person with an international address are not ASCII; all others are.
    public byte[] Bytes => Encoding.UTF8.GetBytes(string.Join("\r\n", Fields) + "\r\n\r\n" + Body);

    /// The mail, or the name of the header that cannot be written.
    public static (MimeMessage? Mail, string? Wrong) Of(EmailMessage message, MailPath from, string? fromName, MailPath to, DateTimeOffset date)
    {
        var fields = new List<string>(16);
        Add("From", column => MimeHeader.Mailbox(fromName, from, column));
        Add("To", column => MimeHeader.Mailbox(message.ToName, to, column));
        if (message.ReplyTo is { } replyTo)
        {
            if (MailPath.Of(replyTo) is not { } path) return (null, "Reply-To");
            Add("Reply-To", column => MimeHeader.Mailbox(null, path, column));
        }
        Add("Subject", column => MimeHeader.Text(message.Subject, column));
        // The same on every attempt: by it a receiver knows a mail that it has already.
        Add("Message-ID", _ => $"<{message.Id:D}@{from.Domain}>");
        Add("Date", _ => date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        Add("MIME-Version", _ => "1.0");
        foreach (var (name, value) in message.AllHeaders)
        {
            if (!MimeHeader.IsName(name) || Ours.Contains(name)) return (null, MimeHeader.IsName(name) ? name : "a header's name");
            Add(name, column => MimeHeader.Value(value, column));
        }
        var body = AddContent(fields, message);
        return fields.Find(field => !MimeHeader.Fits(field)) is { } tooLong ? (null, tooLong[..tooLong.IndexOf(':', StringComparison.Ordinal)]) : (new MimeMessage(fields, body), null);

        void Add(string name, Func<int, string> value) => fields.Add($"{name}: {value(name.Length + 2)}");
    }

    private static string AddContent(List<string> fields, EmailMessage message)
    {
        var parts = new List<(string Type, string Text)>(2);
        if (message.Text is { Length: > 0 } text || message.Html is not { Length: > 0 }) parts.Add(("text/plain", message.Text ?? ""));
        if (message.Html is { Length: > 0 } html) parts.Add(("text/html", html));
        if (parts.Count == 1)
        {
            var (encoding, body) = MimeText.Encode(parts[0].Text);
            fields.Add($"Content-Type: {parts[0].Type}; charset=utf-8");
            fields.Add($"Content-Transfer-Encoding: {encoding}");
            return body;
        }

        // "=_" is what neither encoding of a body ever contains.
        var boundary = $"=_{message.Id:N}";
        fields.Add($"Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"");
        var whole = new StringBuilder();
        // In the order of growing faithfulness: programs show the last one that they understand.
        foreach (var (type, content) in parts)
        {
            var (encoding, body) = MimeText.Encode(content);
            whole.Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: ")
                .Append(encoding).Append("\r\n\r\n").Append(body);
        }
        return whole.Append("--").Append(boundary).Append("--\r\n").ToString();
    }
}
