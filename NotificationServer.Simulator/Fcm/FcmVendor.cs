using System.Security.Cryptography;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Fcm;

internal sealed class FcmVendor(AccessTokens tokens, TimeProvider clock) : IVendor, IDisposable
{
    private const string Suffix = "/messages:send";
    private const string Prefix = "/v1/projects/";

    /// Data members under which senders put their own id.
    private static readonly string[] KeyNames = ["message_id", "messageId"];

    public string Name => "fcm";

    public int MaxBody => 256 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Suffix, StringComparison.Ordinal) || !HttpMethods.IsPost(request.Method))
        {
            return Verdict.Refuse(FcmErrors.Html(404));
        }

        if (!tokens.Valid(request.Headers.Authorization)) return Verdict.Refuse(FcmErrors.Unauthenticated);
        if (!path.AsSpan(Prefix.Length, path.Length - Prefix.Length - Suffix.Length).SequenceEqual(tokens.ProjectId))
        {
            return Verdict.Refuse(FcmErrors.Of(404, "NOT_FOUND", "Requested entity was not found."));
        }

        if (body.Length > MaxBody) return Verdict.Refuse(FcmErrors.Invalid("Request payload size exceeds the limit", "message"));
        return JudgeBody(body);
    }

    private Verdict JudgeBody(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (FcmSchema.Violation(root) is { } wrong) return Verdict.Refuse(wrong);
            var message = root.GetProperty("message");
            var name = $"projects/{tokens.ProjectId}/messages/";
            if (FcmSchema.Member(root, "validate_only") is { ValueKind: JsonValueKind.True })
            {
                return Verdict.Accept(Named($"{name}fake_message_id"), [], "", null);
            }

            var (kind, to) = FcmSchema.Target(message);
            var now = clock.GetUtcNow();
            var id = $"{name}0:{now.ToUnixTimeMilliseconds()}%{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            var entry = new LedgerEntry
            {
                At = now, Provider = Name, Id = id, MessageKey = Key(message), To = to,
                ChannelHint = Channel(message),
            }.Written(root, static (json, whole) => Write(json, whole));
            return Verdict.Accept(Named(id), [entry], to, kind == "token" ? MagicRecipient.InToken(to) : null);
        }
        // The latter: half a surrogate pair, or a text where an object belongs.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Verdict.Refuse(FcmErrors.Invalid("Invalid JSON payload received.", ""));
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement whole)
    {
        json.WritePropertyName("body");
        whole.WriteTo(json);
    }

    /// The id in the data, else that by which the device would let a repeat replace the first.
    private static string? Key(JsonElement message)
    {
        foreach (var name in KeyNames)
        {
            if (Text(message, "data", name) is { } key) return key;
        }

        return FcmSchema.Member(message, "android") is { } android && Text(android, "notification", "tag") is { } tag ? tag
            : Text(message, "android", "collapse_key")
                ?? (FcmSchema.Member(message, "apns") is { } apns ? Text(apns, "headers", "apns-collapse-id") : null)
                ?? (FcmSchema.Member(message, "webpush") is { } webpush ? Text(webpush, "headers", "Topic") : null);
    }

    private static string? Text(JsonElement parent, string block, string name) =>
        FcmSchema.Member(parent, block) is { ValueKind: JsonValueKind.Object } inner
        && FcmSchema.Member(inner, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : null;

    private static string Channel(JsonElement message) =>
        message.TryGetProperty("android", out _) ? "android_push"
        : message.TryGetProperty("apns", out _) ? "ios_push"
        : message.TryGetProperty("webpush", out _) ? "web_push"
        : "android_push";

    private static Answer Named(string name) => Answer.Json(200, $$"""{"name":"{{name}}"}""");

    public Answer Error(int status, string? code) => FcmErrors.Of(status, code ?? FcmErrors.UsualCode(status));

    public Answer DeadRecipient() => FcmErrors.Of(404, "UNREGISTERED");

    public void Dispose() => tokens.Dispose();
}
