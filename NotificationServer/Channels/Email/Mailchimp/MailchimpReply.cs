using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.Mailchimp;

/// Mailchimp's answers in our words. A 200 says nothing by itself: each recipient has a status of its own. An error is
/// known by its name: older servers said 500 to everything.
internal static class MailchimpReply
{
    public static SendOutcome Outcome(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        if (reply.Status == 200) return OfRecipient(json, reply, clock);
        var name = Text(json?.RootElement, "name");
        return (reply.Status, name) switch
        {
            (_, "Invalid_Key" or "PaymentRequired" or "Unknown_Subaccount" or "Unknown_Pool" or "PoorReputation") =>
                SendOutcome.Misconfigured(name, $"Mailchimp refused the account's set-up ({name})"),
            (_, "ValidationError" or "Unknown_Template" or "Invalid_Template" or "Invalid_Tag_Name" or "Unknown_Message") =>
                SendOutcome.Permanent(name, $"Mailchimp refused the message ({name})"),
            (_, "ServiceUnavailable" or "GeneralError") => SendOutcome.Transient(name, $"Mailchimp cannot take it now ({name})", reply.RetryAfter(clock)),
            (404, null) => SendOutcome.Misconfigured("http_404", "Mailchimp does not know this path: check Channels:Mailchimp:BaseAddress"),
            (500 or 504, null) => SendOutcome.Unknown($"http_{reply.Status}", $"Mailchimp answered {reply.Status} without a reason: the mail may be out"),
            _ => reply.ByStatus("Mailchimp", clock, name),
        };
    }

    private static SendOutcome OfRecipient(JsonDocument? json, WireReply reply, TimeProvider clock)
    {
        if (json is not { RootElement.ValueKind: JsonValueKind.Array } || json.RootElement.GetArrayLength() == 0) return reply.ByStatus("Mailchimp", clock);
        // One recipient a call, so one entry.
        var entry = json.RootElement[0];
        var (status, id) = (Text(entry, "status"), Text(entry, "_id"));
        return (status, status == "rejected" ? Text(entry, "reject_reason") : Text(entry, "queued_reason")) switch
        {
            // In a queue that nobody empties until a person has spoken with Mailchimp.
            ("queued", ("sending-paused" or "sending-suspended" or "account-suspended" or "free-trial-sends-exhausted") and var reason) =>
                SendOutcome.Misconfigured(reason, $"Mailchimp took the mail but will not send it ({reason})"),
            ("sent" or "queued" or "scheduled", _) when id is { Length: > 0 } => SendOutcome.Accepted(id),
            ("invalid", _) => SendOutcome.AddressDead("invalid", "Mailchimp says that the address is not valid"),
            ("rejected", ("hard-bounce" or "spam" or "unsub" or "invalid" or "custom") and var reason) =>
                SendOutcome.AddressDead(reason, $"Mailchimp does not write to this address ({reason})"),
            ("rejected", "soft-bounce") => SendOutcome.Transient("soft-bounce", "Mailchimp waits after soft bounces of this address"),
            ("rejected", ("invalid-sender" or "unsigned" or "test-mode-limit") and var reason) =>
                SendOutcome.Misconfigured(reason, $"Mailchimp refused the sender ({reason})"),
            ("rejected", var reason) => SendOutcome.Permanent(reason ?? "rejected", $"Mailchimp rejected the mail ({reason ?? "no reason"})"),
            _ => reply.ByStatus("Mailchimp", clock),
        };
    }

    private static string? Text(JsonElement? of, string member) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
