using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Receipts;

namespace NotificationServer.Channels.Sms.Vonage;

internal sealed class VonageInbound(IOptions<InboundSmsOptions> options, TimeProvider clock) : IInboundSmsReader
{
    public string Vendor => "vonage";

    public (InboundVerdict Verdict, InboundText? Text) Read(InboundCall call, CallbackSecrets secrets)
    {
        var maxAge = options.Value.MaxAge;
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, null);
        if (Fields(call) is not { } fields) return (InboundVerdict.Refused, null);

        if (call.Headers.Authorization is [{ Length: > 0 } authorization])
        {
            return secrets.Keys.Any(secret => VonageSignature.TokenMatches(secret, authorization, call.Body, clock.GetUtcNow(), maxAge))
                ? (InboundVerdict.Valid, TextOf(fields, "message_uuid", "from")) : (InboundVerdict.Refused, null);
        }
        if (!fields.ContainsKey("sig")) return (InboundVerdict.Unsigned, null);
        return secrets.Keys.Any(secret => VonageSignature.SigMatches(secrets.Method, secret, fields)) && IsFresh(fields)
            ? (InboundVerdict.Valid, TextOf(fields, "messageId", "msisdn")) : (InboundVerdict.Refused, null);
    }

    /// The old API sends seconds beside the signature; without them it could be played again for ever.
    private bool IsFresh(Dictionary<string, string> fields) =>
        fields.TryGetValue("timestamp", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= options.Value.MaxAge;

    /// A receipt has no text. A part of a long one is read by itself: nobody says STOP in two parts.
    private static InboundText? TextOf(Dictionary<string, string> fields, string id, string from) =>
        fields.TryGetValue(id, out var message) && message.Length > 0 && fields.TryGetValue(from, out var who) && who.Length > 0
            && fields.TryGetValue("text", out var text) && !fields.ContainsKey("status")
            ? new InboundText(message, who.StartsWith('+') ? who : "+" + who, text) : null;

    private static Dictionary<string, string>? Fields(InboundCall call)
    {
        var text = Encoding.UTF8.GetString(call.Body);
        try
        {
            if (call.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true) return OfJson(text);
            if (call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
            using var reader = new FormReader(text);
            return reader.ReadForm().ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Dictionary<string, string>? OfJson(string text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in json.RootElement.EnumerateObject())
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number) fields[member.Name] = Text(member.Value);
        return fields;
    }

    /// A part of a long text may end in half a character, which is JSON but no text: it stays escaped, and what was said before it counts.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText().Trim('"');
        }
    }
}
