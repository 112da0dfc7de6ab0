using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Apns;

internal sealed class ApnsVendor(SimulatorCredentials credentials, int tokenUpdatesAllowed, TimeProvider clock) : IVendor, IDisposable
{
    private const string DevicePath = "/3/device/";
    private const int MaxPayload = 4096;
    private const int MaxVoipPayload = 5120;

    private static readonly Answer Taken = new(200);
    private static readonly Answer BadPath = ApnsErrors.Reason(404, "BadPath");
    private static readonly Answer MethodNotAllowed = ApnsErrors.Reason(405, "MethodNotAllowed");
    private static readonly Answer MissingDeviceToken = ApnsErrors.Reason(400, "MissingDeviceToken");
    private static readonly Answer BadDeviceToken = ApnsErrors.Reason(400, "BadDeviceToken");
    private static readonly Answer PayloadEmpty = ApnsErrors.Reason(400, "PayloadEmpty");
    private static readonly Answer PayloadTooLarge = ApnsErrors.Reason(413, "PayloadTooLarge");
    private static readonly Answer InvalidPushType = ApnsErrors.Reason(400, "InvalidPushType");

    private readonly ProviderTokens tokens = new(credentials, tokenUpdatesAllowed, clock);

    public string Name => "apns";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var headers = PushHeaders.Of(request.Headers);
        var id = headers.Id.Count == 1 ? headers.Id.ToString() : Guid.CreateVersion7().ToString();
        return JudgePush(request, headers, id, body) with { Echo = new Header("apns-id", id) };
    }

    private Verdict JudgePush(HttpRequest request, PushHeaders headers, string id, ReadOnlyMemory<byte> body)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(DevicePath, StringComparison.Ordinal)) return Verdict.Refuse(BadPath);
        if (!HttpMethods.IsPost(request.Method)) return Verdict.Refuse(MethodNotAllowed);
        var device = path[DevicePath.Length..];
        if (device.Length == 0) return Verdict.Refuse(MissingDeviceToken);
        if (tokens.Refusal(request.Headers.Authorization) is { } unknownSender) return Verdict.Refuse(unknownSender);
        if (headers.Refusal(credentials.ApnsTopic) is { } badHeader) return Verdict.Refuse(badHeader);
        if (body.IsEmpty) return Verdict.Refuse(PayloadEmpty);
        if (body.Length > (headers.PushType == "voip" ? MaxVoipPayload : MaxPayload)) return Verdict.Refuse(PayloadTooLarge);
        if (device.Length % 2 != 0 || !device.All(char.IsAsciiHexDigit) || device.All(digit => digit == '0')) return Verdict.Refuse(BadDeviceToken);

        var entry = new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = id, MessageKey = headers.Id.Count == 1 ? id : null, To = device, ChannelHint = "ios_push",
        };
        return JudgePayload(headers, entry, body);
    }

    private static Verdict JudgePayload(PushHeaders headers, LedgerEntry entry, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var payload = JsonDocument.Parse(body);
            if (payload.RootElement.ValueKind != JsonValueKind.Object) return Verdict.Refuse(PayloadEmpty);
            if (!payload.RootElement.TryGetProperty("aps", out var aps) || aps.ValueKind != JsonValueKind.Object)
            {
                return Verdict.Refuse(PayloadEmpty);
            }

            if (!Tells(headers, aps)) return Verdict.Refuse(InvalidPushType);
            var written = entry.Written((Body: payload.RootElement, Headers: headers), static (json, push) => Write(json, push.Body, push.Headers));
            return Verdict.Accept(Taken, [written], entry.To, MagicRecipient.InHexToken(entry.To));
        }
        // The latter: half a surrogate pair, or a text where an object belongs.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Verdict.Refuse(PayloadEmpty);
        }
    }

    /// The push type must tell the truth about the payload.
    private static bool Tells(PushHeaders headers, JsonElement aps)
    {
        var visible = aps.TryGetProperty("alert", out _) || aps.TryGetProperty("badge", out _) || aps.TryGetProperty("sound", out _);
        var silent = aps.TryGetProperty("content-available", out var available)
            && available.ValueKind == JsonValueKind.Number && available.TryGetInt32(out var one) && one == 1;
        return headers.PushType.ToString() switch
        {
            "background" => silent && !visible,
            "alert" => visible,
            _ => true,
        };
    }

    private static void Write(Utf8JsonWriter json, JsonElement body, PushHeaders headers)
    {
        json.WriteStartObject("headers");
        WritePresent(json, "apns-topic", headers.Topic);
        WritePresent(json, "apns-push-type", headers.PushType);
        WritePresent(json, "apns-priority", headers.Priority);
        WritePresent(json, "apns-expiration", headers.Expiration);
        WritePresent(json, "apns-collapse-id", headers.CollapseId);
        json.WriteEndObject();
        json.WritePropertyName("body");
        body.WriteTo(json);
    }

    private static void WritePresent(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    public Answer Error(int status, string? code) => status == 410
        ? ApnsErrors.Gone(code ?? "Unregistered", clock.GetUtcNow())
        : ApnsErrors.Reason(status, code ?? ApnsErrors.UsualReason(status));

    public Answer DeadRecipient() => Error(410, null);

    public void Dispose() => tokens.Dispose();
}
