using System.Globalization;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.SendGrid;

/// What mail/send takes. The first violation is told, with the field's path.
internal sealed class MailRules(string ownSender, TimeProvider clock)
{
    private const int MaxEnvelopes = 1000;
    private const int MaxCategories = 10;
    private const int MaxCustomArgBytes = 10_000;
    private static readonly TimeSpan LongestSchedule = TimeSpan.FromHours(72);

    private static readonly HashSet<string> Members =
    [
        "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments", "template_id", "headers", "categories",
        "custom_args", "send_at", "batch_id", "asm", "ip_pool_name", "mail_settings", "tracking_settings",
    ];

    private static readonly HashSet<string> EnvelopeMembers =
    [
        "to", "cc", "bcc", "from", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args", "send_at",
    ];

    private static readonly HashSet<string> ForbiddenHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "Content-Type", "Content-Transfer-Encoding", "To", "From", "Subject", "Reply-To", "CC", "BCC",
    };

    private readonly string ownDomain = Domain(ownSender);

    public Answer? Violation(JsonElement mail)
    {
        if (mail.ValueKind != JsonValueKind.Object) return Bad("Bad request", null);
        return Unknown(mail, Members, "")
            ?? Sender(mail)
            ?? Common(mail, "")
            ?? Envelopes(mail)
            ?? Content(mail)
            ?? Categories(mail);
    }

    private Answer? Sender(JsonElement mail)
    {
        if (!mail.TryGetProperty("from", out var from) || Email(from) is not { Length: > 0 } address)
        {
            return Bad("The from object must be provided for every email send.", "from.email");
        }

        if (!MailAddress.Valid(address)) return Bad("The from email does not contain a valid address.", "from.email");
        return Domain(address).Equals(ownDomain, StringComparison.OrdinalIgnoreCase)
            ? null
            : SendGridErrors.Of(403, "The from address does not match a verified Sender Identity.", "from");
    }

    private Answer? Envelopes(JsonElement mail)
    {
        if (!mail.TryGetProperty("personalizations", out var envelopes) || envelopes.ValueKind != JsonValueKind.Array
            || envelopes.GetArrayLength() is < 1 or > MaxEnvelopes)
        {
            return Bad("The personalizations field is required and must have at least one and at most 1000 entries.", "personalizations");
        }

        var needsSubject = !HasText(mail, "subject") && !HasText(mail, "template_id");
        var index = 0;
        foreach (var envelope in envelopes.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"personalizations.{index++}");
            if (envelope.ValueKind != JsonValueKind.Object) return Bad("Invalid type. Expected: object.", path);
            if ((Unknown(envelope, EnvelopeMembers, path) ?? Recipients(envelope, path) ?? Common(envelope, path + ".")) is { } wrong) return wrong;
            if (needsSubject && !HasText(envelope, "subject")) return Bad("The subject is required.", "subject");
        }

        return null;
    }

    private static Answer? Recipients(JsonElement envelope, string path)
    {
        if (!envelope.TryGetProperty("to", out var first) || first.ValueKind != JsonValueKind.Array || first.GetArrayLength() == 0)
        {
            return Bad("The to array is required for all personalization objects, and must have at least one email object.", path + ".to");
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var kind in (ReadOnlySpan<string>)["to", "cc", "bcc"])
        {
            if (!envelope.TryGetProperty(kind, out var list) || list.ValueKind != JsonValueKind.Array) continue;
            var index = 0;
            foreach (var recipient in list.EnumerateArray())
            {
                var field = string.Create(CultureInfo.InvariantCulture, $"{path}.{kind}.{index++}.email");
                if (Email(recipient) is not { } address || !MailAddress.Valid(address)) return Bad("Does not contain a valid address.", field);
                if (!seen.Add(address)) return Bad("Each email address in the personalization block should be unique between to, cc, and bcc.", path);
            }
        }

        return null;
    }

    /// What the mail and each envelope may both have.
    private Answer? Common(JsonElement owner, string path)
    {
        if (owner.TryGetProperty("headers", out var headers))
        {
            if (headers.ValueKind != JsonValueKind.Object) return Bad("Invalid type. Expected: object.", path + "headers");
            foreach (var header in headers.EnumerateObject())
            {
                if (ForbiddenHeaders.Contains(header.Name)) return Bad("The header is not allowed.", $"{path}headers.{header.Name}");
                if (header.Value.ValueKind != JsonValueKind.String) return Bad("Invalid type. Expected: string.", $"{path}headers.{header.Name}");
            }
        }

        if (owner.TryGetProperty("custom_args", out var args))
        {
            if (args.ValueKind != JsonValueKind.Object) return Bad("Invalid type. Expected: object.", path + "custom_args");
            if (Encoding.UTF8.GetByteCount(args.GetRawText()) > MaxCustomArgBytes) return Bad("The custom_args exceed 10000 bytes.", path + "custom_args");
            if (args.EnumerateObject().Any(a => a.Value.ValueKind != JsonValueKind.String)) return Bad("Invalid type. Expected: string.", path + "custom_args");
        }

        if (!owner.TryGetProperty("send_at", out var at)) return null;
        if (at.ValueKind != JsonValueKind.Number || !at.TryGetInt64(out var seconds)) return Bad("Invalid type. Expected: integer.", path + "send_at");
        return seconds > (clock.GetUtcNow() + LongestSchedule).ToUnixTimeSeconds()
            ? Bad("Scheduling more than 72 hours ahead is not possible.", path + "send_at")
            : null;
    }

    private static Answer? Content(JsonElement mail)
    {
        if (!mail.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return HasText(mail, "template_id") ? null : Bad("Unless a valid template_id is provided, the content parameter is required.", "content");
        }

        var html = false;
        foreach (var part in content.EnumerateArray())
        {
            if (!HasText(part, "type")) return Bad("The content type is required.", "content.type");
            if (!HasText(part, "value")) return Bad("The content value must be a string at least one character in length.", "content.value");
            var type = part.GetProperty("type").GetString();
            if (type == "text/plain" && html) return Bad("The text/plain part must come first.", "content");
            html |= type == "text/html";
        }

        return null;
    }

    private static Answer? Categories(JsonElement mail) =>
        mail.TryGetProperty("categories", out var categories)
        && (categories.ValueKind != JsonValueKind.Array || categories.GetArrayLength() > MaxCategories
            || categories.EnumerateArray().Any(c => c.ValueKind != JsonValueKind.String || c.GetString()!.Length > 255)) // a string
            ? Bad("At most 10 categories of at most 255 characters.", "categories")
            : null;

    private static Answer? Unknown(JsonElement owner, HashSet<string> known, string path)
    {
        foreach (var member in owner.EnumerateObject())
        {
            if (!known.Contains(member.Name)) return Bad($"Additional property {member.Name} is not allowed", path.Length == 0 ? member.Name : path);
        }

        return null;
    }

    private static bool HasText(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 };

    private static string? Email(JsonElement person) => HasText(person, "email") ? person.GetProperty("email").GetString() : null;

    private static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static Answer Bad(string message, string? field) => SendGridErrors.Of(400, message, field);
}
