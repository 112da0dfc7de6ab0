using System.Globalization;
using System.Text.RegularExpressions;
using NotificationServer.Channels;
using NotificationServer.Channels.Receipts;
using NotificationServer.Platform;
using NotificationServer.Recipients;

namespace NotificationServer.Tracking.Bounces;

/// Reads what mail servers send back: delivery reports (RFC 3464) and complaints (RFC 5965).
internal static partial class BounceReport
{
    private const int MostRecipients = 20;

    /// Where the address that the report came to may stand: with VERP it names the message.
    private static readonly string[] Recipients = ["X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To"];

    /// Null: it is no report, or one that says nothing.
    public static IReadOnlyList<Receipt>? Read(ReadOnlySpan<byte> mail, DateTimeOffset now)
    {
        var whole = MailPart.Parse(mail);
        var parts = whole.All.ToList();
        var id = OwnIdOf(whole, parts);
        var at = Date(whole.Header("Date"), now);
        if (parts.FirstOrDefault(part => part.Type == "message/feedback-report") is { } feedback) return Complaint(feedback, id, at) is { } one ? [one] : null;
        if (parts.FirstOrDefault(part => part.Type is "message/delivery-status" or "message/global-delivery-status") is not { } status) return null;
        var told = Blocks(status.Text).Select(fields => Delivery(fields, id, at)).OfType<Receipt>().Take(MostRecipients).ToList();
        return told.Count > 0 ? told : null;
    }

    private static Receipt? Delivery(List<(string Name, string Value)> fields, Guid? id, DateTimeOffset at)
    {
        if (Value(fields, "Action")?.ToLowerInvariant() is not { } action || (Value(fields, "Final-Recipient") ?? Value(fields, "Original-Recipient")) is not { } recipient)
            return null;
        var diagnostic = Value(fields, "Diagnostic-Code");
        var status = EnhancedCode().Match(Value(fields, "Status") ?? "") is { Success: true } told ? told.Value : EnhancedCode().Match(diagnostic ?? "").Value;
        // 5.0.0 says no more than that it failed; what the other server answered may.
        if (status is "5.0.0" or "" && EnhancedCode().Match(diagnostic ?? "") is { Success: true } better) status = better.Value;
        var said = ClassOf(status, diagnostic);
        var (kind, news) = action switch
        {
            // Only what failed for good is the address's fault, and only if the code says so.
            "failed" => (ReceiptKind.Bounced, said != SendStatus.AddressDead ? AddressNews.None : status == FailingAddresses.DisabledCode ? AddressNews.Disabled : AddressNews.Dead),
            "delayed" => (ReceiptKind.Progress, AddressNews.None),
            "delivered" or "expanded" => (ReceiptKind.Delivered, AddressNews.None),
            "relayed" => (ReceiptKind.Sent, AddressNews.None),
            _ => (ReceiptKind.Unknown, AddressNews.None),
        };
        return new Receipt
        {
            Event = action.Storable(40),
            Kind = kind,
            Class = kind == ReceiptKind.Bounced ? said : SendStatus.Accepted,
            News = news,
            Code = kind == ReceiptKind.Bounced ? status.Length > 0 ? status : "no_status" : null,
            Words = Redacted.Words(diagnostic),
            MessageId = id,
            At = at,
            Key = $"{id?.ToString("N") ?? $"{at:O}"}:{recipient}:{action}:{status}",
            Address = AddressIn(recipient),
        };
    }

    private static Receipt? Complaint(MailPart feedback, Guid? id, DateTimeOffset at)
    {
        var fields = Blocks(feedback.Text).SelectMany(block => block).ToList();
        if (Value(fields, "Feedback-Type")?.ToLowerInvariant() is not { } type) return null;
        var (kind, news) = type switch
        {
            "abuse" or "fraud" => (ReceiptKind.Complained, AddressNews.Complained),
            "opt-out" or "opt-out-list" => (ReceiptKind.Unsubscribed, AddressNews.Unsubscribed),
            _ => (ReceiptKind.Unknown, AddressNews.None),
        };
        var recipient = Value(fields, "Original-Rcpt-To") ?? Value(fields, "Removal-Recipient") ?? "";
        return new Receipt
        {
            Event = type.Storable(40),
            Kind = kind,
            Class = kind == ReceiptKind.Unknown ? SendStatus.Accepted : SendStatus.AddressDead,
            News = news,
            MessageId = id,
            At = at,
            Key = $"{id?.ToString("N") ?? $"{at:O}"}:{recipient}:{type}",
            Address = AddressIn(recipient),
        };
    }

    /// As an answer with that code would be taken while sending.
    public static SendStatus ClassOf(string status, string? diagnostic)
    {
        if (!status.StartsWith('5')) return SendStatus.Transient;
        return status switch
        {
            "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10" or "5.2.1" or "5.4.1" => SendStatus.AddressDead,
            "5.7.26" or "5.7.515" or "5.1.7" or "5.7.8" or "5.7.9" or "5.7.11" => SendStatus.Misconfigured,
            // A full mailbox is emptied again, whatever the first digit says.
            "5.2.2" => SendStatus.Transient,
            "5.0.0" when diagnostic is not null && NamesMailbox().IsMatch(diagnostic) => SendStatus.AddressDead,
            _ => SendStatus.Permanent,
        };
    }

    /// The address that it came back to, the Message-ID of what came back, or what it says that it answers.
    private static Guid? OwnIdOf(MailPart whole, List<MailPart> parts) =>
        Recipients.SelectMany(whole.Headers)
            .Concat(parts.SelectMany(part => part.Type.EndsWith("delivery-status", StringComparison.Ordinal) || part.Type == "message/feedback-report"
                ? Blocks(part.Text).SelectMany(block => new[] { Value(block, "Original-Envelope-Id"), Value(block, "Original-Mail-From") }).OfType<string>() : []))
            .Concat(parts.Skip(1).SelectMany(part => part.Headers("Message-ID").Concat(part.Headers("Return-Path"))))
            .Concat(whole.Headers("In-Reply-To").Concat(whole.Headers("References")))
            .Select(OwnId.In).FirstOrDefault(id => id is not null);

    /// Fields by block; an empty line is between them.
    private static IEnumerable<List<(string Name, string Value)>> Blocks(string text)
    {
        var rest = text.TrimStart('\n', ' ', '\t');
        for (var blocks = 0; rest.Length > 0 && blocks <= MostRecipients; blocks++)
        {
            (var fields, rest) = MailPart.HeaderBlock(rest);
            if (fields.Count > 0) yield return fields;
            rest = rest.TrimStart('\n');
        }
    }

    private static string? Value(List<(string Name, string Value)> fields, string name) =>
        fields.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } value ? value : null;

    /// `rfc822; ann@example.org`, with or without the kind and the brackets.
    private static string? AddressIn(string recipient)
    {
        var address = recipient[(recipient.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>');
        return address.Contains('@', StringComparison.Ordinal) ? address : null;
    }

    private static DateTimeOffset Date(string? header, DateTimeOffset now)
    {
        // A comment behind it, "(UTC)", is allowed and not understood.
        var text = header?.Split('(')[0].Trim();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && at.Year is > 2000 and < 2200 ? EventJson.Earlier(at, now) : now;
    }

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedCode();

    [GeneratedRegex("(?:user|mailbox|recipient|address|account).{0,40}(?:unknown|not found|not exist|no such|invalid|disabled|unavailable)|(?:unknown|no such|invalid).{0,20}(?:user|mailbox|recipient|address)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NamesMailbox();
}
