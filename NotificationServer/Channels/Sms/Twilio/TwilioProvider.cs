using System.Globalization;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Twilio;

internal sealed class TwilioProvider(WireClients wires, TwilioOptions settings, TimeProvider clock, CallbackAddress callbacks)
    : IProvider<SmsMessage>, ICredentialCheck, IDisposable
{
    private const int LongestText = 1600;

    private readonly WireClient wire = wires.Http(settings.BaseAddress);
    private readonly string path = $"/2010-04-01/Accounts/{Uri.EscapeDataString(settings.AccountSid!)}/Messages.json"; // present: checked at start
    private readonly string authorization = BasicAuthorization.Header(settings.Credentials.User, settings.Credentials.Secret);

    public string Name => "twilio";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Sms;

    public async Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct)
    {
        if (SmsSegments.TooLong(message.Text, LongestText, "Twilio") is { } refusal) return refusal;
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return Outcome(await wire.SendAsync(request, new OutgoingBody(Encoding.ASCII.GetBytes(Form(message)), WireClient.Form), ct));
    }

    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var reply = await wire.AskAsync($"/2010-04-01/Accounts/{Uri.EscapeDataString(settings.AccountSid!)}.json", authorization, ct); // present: checked before
        return reply.Fault ?? (reply.Status == 200 ? SendOutcome.Accepted(null) : TwilioErrors.Outcome(reply, null, clock));
    }

    public void Dispose() => wire.Dispose();

    private string Form(SmsMessage message)
    {
        var form = new StringBuilder("To=").Append(Uri.EscapeDataString(message.To));
        if (message.From is { } from) Sender(form, from);
        else if (settings.MessagingServiceSid is { Length: > 0 } service) Sender(form, service);
        else Sender(form, settings.From!);
        if (message.ExpiresAt is { } end)
        {
            // How long it may wait in Twilio's own queue; they take 1 s to 10 h.
            var seconds = Math.Clamp((long)(end - clock.GetUtcNow()).TotalSeconds, 1, 36000);
            form.Append("&ValidityPeriod=").Append(seconds.ToString(CultureInfo.InvariantCulture));
        }
        if (callbacks.ForTwilio(settings.AccountSid!, message.Id) is { } callback) // present: checked at start
            form.Append("&StatusCallback=").Append(Uri.EscapeDataString(callback));
        return form.Append("&Body=").Append(Uri.EscapeDataString(message.Text)).ToString();
    }

    private static void Sender(StringBuilder form, string sender) =>
        form.Append(sender.StartsWith("MG", StringComparison.Ordinal) && sender.Length == 34 ? "&MessagingServiceSid=" : "&From=").Append(Uri.EscapeDataString(sender));

    private SendOutcome Outcome(WireReply reply)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        var body = json is { RootElement.ValueKind: JsonValueKind.Object } ? json.RootElement : default;
        if (reply.Status == 201 && body.ValueKind == JsonValueKind.Object
            && body.TryGetProperty("sid", out var sid) && sid.ValueKind == JsonValueKind.String) return SendOutcome.Accepted(sid.GetString());

        // A gateway in front of Twilio has codes of its own, which are words.
        int? number = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("code", out var code)
            && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var value) ? value : null;
        return TwilioErrors.Outcome(reply, number, clock);
    }
}
