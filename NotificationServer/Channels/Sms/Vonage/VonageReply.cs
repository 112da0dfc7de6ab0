using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Vonage;

/// Vonage's answers in our words.
internal static class VonageReply
{
    public static SendOutcome OfMessage(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        var body = json is { RootElement.ValueKind: JsonValueKind.Object } ? json.RootElement : default;
        if (reply.Status == 202 && Text(body, "message_uuid") is { Length: > 0 } id) return SendOutcome.Accepted(id);

        var number = Code(body);
        var code = number?.ToString(CultureInfo.InvariantCulture) ?? $"http_{reply.Status}";
        return reply.Status switch
        {
            402 => SendOutcome.Misconfigured(code, "Vonage: the balance is too low"),
            404 => SendOutcome.Misconfigured(code, "Vonage does not know this path: check Channels:Vonage:BaseAddress"),
            422 when number == 1170 && !BlamesTo(body) => SendOutcome.Permanent(code, "Vonage refused a parameter other than the number (1170)"),
            422 when number is { } known => VonageCodes.OfMessages(known, reply, clock),
            // Without a reason the message may exist already, and an SMS costs money and patience twice.
            500 or 502 or 504 when number is null => SendOutcome.Unknown(code, $"Vonage answered {reply.Status} without a reason: the message may exist"),
            _ => reply.ByStatus("Vonage", clock, code),
        };
    }

    /// 200 in every case, and one answer a part: a long text may be taken in part.
    public static SendOutcome OfSms(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        if (reply.Status is 500 or 502 or 504) return SendOutcome.Unknown($"http_{reply.Status}", $"Vonage answered {reply.Status}: the message may exist");
        using var json = reply.Status == 200 ? reply.Json() : null;
        if (json is not { RootElement.ValueKind: JsonValueKind.Object }
            || !json.RootElement.TryGetProperty("messages", out var parts) || parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() == 0)
            return reply.ByStatus("Vonage", clock);

        var (taken, first, refused) = (0, (string?)null, (int?)null);
        foreach (var part in parts.EnumerateArray())
        {
            if (!int.TryParse(Text(part, "status"), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                return reply.ByStatus("Vonage", clock);
            if (status == 0) (taken, first) = (taken + 1, first ?? Text(part, "message-id"));
            else refused ??= status;
        }
        if (refused is null) return SendOutcome.Accepted(first);
        // Nobody can take back the parts that went out: a repeat would send those twice.
        return taken > 0
            ? SendOutcome.Unknown("partly_sent", $"Vonage took {taken} of {parts.GetArrayLength()} parts (status {refused} for the rest)")
            : VonageCodes.OfSms(refused.Value, reply, clock);
    }

    /// The code is the end of the problem's type: `.../api-errors/messages#1170`.
    private static int? Code(JsonElement body) =>
        Text(body, "type") is { } type && int.TryParse(type.AsSpan(type.LastIndexOf('#') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// 1170 is any parameter; without a list of names Vonage's own meaning of it stands: the number.
    private static bool BlamesTo(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("invalid_parameters", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) return true;
        foreach (var parameter in list.EnumerateArray())
            if (Text(parameter, "name") == "to") return true;
        return false;
    }

    private static string? Text(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
