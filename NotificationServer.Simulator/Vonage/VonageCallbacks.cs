using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.Vonage;

/// What Vonage tells of one message: each of its interfaces in its own words, and signed in its own way.
internal static class VonageCallbacks
{
    public static IReadOnlyList<CallbackCall> OfMessage(string id, string to, string from, string? reference, string? url, SimulatorCredentials credentials)
    {
        if (url is null) return [];
        int? code = LaterFate.Code(to) is { } digits ? 1000 + digits : null;
        return [Call("submitted"), Call(code is null ? "delivered" : "undeliverable")];

        CallbackCall Call(string status) => new("vonage", url, now =>
        {
            var said = new JsonObject
            {
                ["message_uuid"] = id, ["to"] = to.TrimStart('+'), ["from"] = from, ["status"] = status, ["channel"] = "sms",
                ["timestamp"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
                ["usage"] = new JsonObject { ["currency"] = "EUR", ["price"] = "0.0333" },
            };
            if (reference is not null) said["client_ref"] = reference;
            if (status == "undeliverable")
            {
                said["error"] = new JsonObject
                {
                    ["type"] = $"https://developer.vonage.com/api-errors/messages#{code}", ["title"] = $"{code}", ["detail"] = "Not delivered", ["instance"] = id,
                };
            }
            var body = Encoding.UTF8.GetBytes(said.ToJsonString());
            var token = CallbackSignature.VonageToken(credentials.VonageSignatureSecret, body, now, Guid.CreateVersion7().ToString("D"), credentials.VonageApiKey, credentials.VonageApplicationId);
            return new CallbackBody(body, "application/json", [new("Authorization", token)]);
        });
    }

    /// Of one part of a text.
    public static IReadOnlyList<CallbackCall> OfSms(string id, Dictionary<string, string> sent, SimulatorCredentials credentials)
    {
        if (sent.GetValueOrDefault("callback") is not { Length: > 0 } url) return [];
        var code = LaterFate.Code("+" + sent["to"]) ?? 0;
        return [Call("buffered", 0), Call(code == 0 ? "delivered" : "failed", code)];

        CallbackCall Call(string status, int error) => new("vonage", url, now =>
        {
            var fields = new List<KeyValuePair<string, string>>
            {
                new("msisdn", sent["to"]), new("to", sent["from"]), new("network-code", "23410"), new("messageId", id), new("price", "0.03330000"),
                new("status", status), new("scts", now.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture)),
                new("err-code", error.ToString(CultureInfo.InvariantCulture)), new("api-key", credentials.VonageApiKey),
                new("message-timestamp", now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new("timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), new("nonce", RandomNumberGenerator.GetHexString(16, lowercase: true)),
            };
            if (sent.GetValueOrDefault("client-ref") is { } reference) fields.Add(new("client-ref", reference));
            fields.Add(new("sig", CallbackSignature.VonageSig("sha256", credentials.VonageSignatureSecret, fields)));
            return new CallbackBody(CallbackBody.Form(fields), "application/x-www-form-urlencoded", []);
        });
    }
}
