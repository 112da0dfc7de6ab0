using System.Security.Cryptography;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;
using NotificationServer.Simulator.SendGrid;

namespace NotificationServer.Simulator.Mailchimp;

/// Mailchimp Transactional: messages/send and the check of a key.
internal sealed class MailchimpVendor(SimulatorCredentials credentials, TimeProvider clock) : IVendor
{
    private static readonly HashSet<string> Members =
    [
        "html", "text", "subject", "from_email", "from_name", "to", "headers", "important", "track_opens", "track_clicks", "auto_text", "auto_html",
        "inline_css", "url_strip_qs", "preserve_recipients", "view_content_link", "bcc_address", "tracking_domain", "signing_domain", "return_path_domain",
        "merge", "merge_language", "global_merge_vars", "merge_vars", "tags", "subaccount", "metadata", "recipient_metadata", "attachments", "images",
        "google_analytics_domains", "google_analytics_campaign",
    ];

    private readonly string ownDomain = Domain(credentials.MailchimpFrom);

    public string Name => "mailchimp";

    /// Where its events go at the moment; null: nowhere.
    public Func<string?> EventUrl { get; init; } = () => null;

    public int MaxBody => 25 * 1024 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var path = request.Path.Value!;
        if (!HttpMethods.IsPost(request.Method) || !path.StartsWith("/api/1.3/", StringComparison.Ordinal)) return Verdict.Refuse(new Answer(404));
        if (body.Length > MaxBody) return Verdict.Refuse(new Answer(413));
        try
        {
            using var json = JsonDocument.Parse(body);
            var whole = json.RootElement;
            if (Text(whole, "key") != credentials.MailchimpApiKey) return Refuse(401, "Invalid_Key", "Invalid API key");
            return path.Replace(".json", "", StringComparison.Ordinal) switch
            {
                "/api/1.3/users/ping" => Verdict.Accept(Answer.Json(200, "\"PONG!\""), [], "", null),
                "/api/1.3/messages/send" => Send(whole),
                _ => Refuse(500, "Unknown_Method", "No such call"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(500, "ValidationError", "You must specify a JSON body");
        }
    }

    public Answer Error(int status, string? code) => Of(status, code ?? status switch
    {
        401 or 403 => "Invalid_Key",
        402 => "PaymentRequired",
        502 or 503 => "ServiceUnavailable",
        >= 500 or 429 => "GeneralError",
        _ => "ValidationError",
    }, "refused", named: code is not null || status != 429);

    public Answer DeadRecipient() => Answer.Json(200, """[{"email":"","status":"rejected","_id":"00000000000000000000000000000000","reject_reason":"hard-bounce","queued_reason":null}]""");

    private Verdict Send(JsonElement whole)
    {
        if (!whole.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object) return Invalid("message");
        foreach (var member in message.EnumerateObject())
            if (!Members.Contains(member.Name)) return Invalid(member.Name);
        if (!message.TryGetProperty("to", out var to) || to.ValueKind != JsonValueKind.Array || to.GetArrayLength() == 0) return Invalid("to");
        if (Text(message, "from_email") is not { } from || !MailAddress.Valid(from)) return Invalid("from_email");
        if (message.TryGetProperty("metadata", out var metadata) && metadata.ValueKind != JsonValueKind.Object) return Invalid("metadata");
        return Accept(message, to, from);
    }

    private Verdict Accept(JsonElement message, JsonElement to, string from)
    {
        var (entries, answers, magic, recipient) = (new List<LedgerEntry>(1), new List<object>(1), (Fault?)null, "");
        foreach (var person in to.EnumerateArray())
        {
            var (email, id) = (Text(person, "email") ?? "", RandomNumberGenerator.GetHexString(32, lowercase: true));
            var refused = !MailAddress.Valid(email) ? ("invalid", null)
                : !Domain(from).Equals(ownDomain, StringComparison.OrdinalIgnoreCase) ? ("rejected", "unsigned") : ((string, string?)?)null;
            answers.Add(new { email, status = refused?.Item1 ?? "sent", _id = id, reject_reason = refused?.Item2, queued_reason = (string?)null });
            if (refused is not null) continue;
            if (magic is null && MagicRecipient.InMail(email) is { } found) (magic, recipient) = (found, email);
            entries.Add(new LedgerEntry
            {
                At = clock.GetUtcNow(), Provider = Name, Id = id, MessageKey = Key(message), To = email, ChannelHint = "email",
            }.Written(message, static (json, all) =>
            {
                json.WritePropertyName("body");
                all.WriteTo(json);
            }));
        }
        return Verdict.Accept(new Answer(200, JsonSerializer.SerializeToUtf8Bytes(answers), "application/json"), entries, recipient, magic) with
        {
            Callbacks = MailchimpCallbacks.Of(entries, EventUrl(), credentials),
        };
    }

    private static string? Key(JsonElement message) =>
        message.TryGetProperty("metadata", out var metadata) ? Text(metadata, "message_id") ?? Text(metadata, "messageId") : null;

    private static string? Text(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static Verdict Invalid(string member) => Refuse(500, "ValidationError", $"Validation error: {member}");

    private static Verdict Refuse(int status, string name, string message) => Verdict.Refuse(Of(status, name, message));

    private static Answer Of(int status, string name, string message, bool named = true) => named
        ? new Answer(status, JsonSerializer.SerializeToUtf8Bytes(new { status = "error", code = -1, name, message }), "application/json")
        : new Answer(status);
}
