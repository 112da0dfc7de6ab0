using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.SendGrid;

internal sealed class SendGridProvider(WireClients wires, SendGridOptions settings, TimeProvider clock) : IProvider<EmailMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire = wires.Http(settings.BaseAddress);
    private readonly string authorization = "Bearer " + settings.ApiKey;

    public string Name => "sendgrid";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Email;

    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var payload = JsonBody.Write((message, settings), static (json, what) => SendGridPayload.Write(json, what.message, what.settings));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/mail/send");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return Outcome(await wire.SendAsync(request, new OutgoingBody(payload, WireClient.PlainJson), ct));
    }

    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var reply = await wire.AskAsync("/v3/scopes", authorization, ct);
        return reply.Fault ?? (reply.Status == 200 ? SendOutcome.Accepted(null) : reply.ByStatus("SendGrid", clock));
    }

    public void Dispose() => wire.Dispose();

    private SendOutcome Outcome(WireReply reply)
    {
        if (reply.Fault is { } fault) return fault;
        return reply.Status switch
        {
            202 when reply.Header("X-Message-Id") is { Length: > 0 } id => SendOutcome.Accepted(id),
            // Only for mail that asked to be checked and not sent, which ours never does.
            200 => SendOutcome.Unknown("unreadable_answer", "SendGrid answered 200, which it does only for mail that is not sent"),
            400 when BlamesAddress(reply) => SendOutcome.AddressDead("http_400", "SendGrid says that the address is not valid"),
            404 => SendOutcome.Misconfigured("http_404", "SendGrid does not know this path: check Channels:SendGrid:BaseAddress"),
            429 => SendOutcome.Throttled("http_429", "SendGrid: too many requests",
                reply.RetryAfter(clock) ?? RetryAfterHeader.ParseEpoch(reply.Header("X-RateLimit-Reset"), clock.GetUtcNow())),
            500 or 504 when !SaysWhy(reply) => SendOutcome.Unknown($"http_{reply.Status}", $"SendGrid answered {reply.Status} without a reason: the mail may be out"),
            _ => reply.ByStatus("SendGrid", clock),
        };
    }

    private static bool SaysWhy(WireReply reply)
    {
        using var json = reply.Json();
        return Errors(json).MoveNext();
    }

    private static bool BlamesAddress(WireReply reply)
    {
        using var json = reply.Json();
        foreach (var error in Errors(json))
            if (Text(error, "field") is { } field && IsRecipientField(field)
                && Text(error, "message") is { } text && text.Contains("address", StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsRecipientField(string field) =>
        field.StartsWith("personalizations.", StringComparison.Ordinal)
        && (field.Contains(".to", StringComparison.Ordinal) || field.Contains(".cc", StringComparison.Ordinal) || field.Contains(".bcc", StringComparison.Ordinal));

    private static JsonElement.ArrayEnumerator Errors(JsonDocument? json) =>
        json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
            ? errors.EnumerateArray()
            : default;

    private static string? Text(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
