using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Vonage;

internal sealed class VonageProvider(WireClients wires, VonageOptions settings, TimeProvider clock, CallbackAddress callbacks)
    : IProvider<SmsMessage>, ICredentialCheck, IDisposable
{
    private const int LongestMessage = 1000;
    private const int LongestSms = 3200;

    private readonly WireClient wire = wires.Http(settings.Api == VonageApi.Sms ? settings.SmsBaseAddress : settings.BaseAddress);
    private readonly VonageTokens? tokens = settings.Signs ? new VonageTokens(settings, clock) : null;
    private readonly string? basic = settings.Signs ? null : BasicAuthorization.Header(settings.ApiKey!, settings.ApiSecret!); // present: checked at start

    private readonly string? status = settings.StatusUrl?.OriginalString ?? callbacks.ForVonage(settings.OwnName!); // present: checked at start

    public string Name => "vonage";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Sms;

    public Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct) => settings.Api switch
    {
        VonageApi.Messages => SendMessageAsync(message, ct),
        VonageApi.Sms => SendSmsAsync(message, ct),
    };

    /// The balance needs the account's key and secret. An application has no such call: of a message without anything in it Vonage looks
    /// at the credentials first.
    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        if (settings.Api == VonageApi.Sms)
        {
            var balance = await wire.AskAsync("/account/get-balance", basic, ct);
            return balance.Fault ?? (balance.Status == 200 ? SendOutcome.Accepted(null) : balance.ByStatus("Vonage", clock));
        }
        var reply = await CallAsync("/v1/messages", basic ?? tokens!.Get(refused: null), "{}"u8.ToArray(), ct); // one of the two is there
        return reply is { Fault: null, Status: 422 } ? SendOutcome.Accepted(null) : VonageReply.OfMessage(reply, clock);
    }

    public void Dispose()
    {
        wire.Dispose();
        tokens?.Dispose();
    }

    private async Task<SendOutcome> SendMessageAsync(SmsMessage message, CancellationToken ct)
    {
        if (SmsSegments.TooLong(message.Text, LongestMessage, "Vonage's Messages API") is { } refusal) return refusal;
        var body = JsonBody.Write((message, settings, status, Now: clock.GetUtcNow()), static (json, what) => VonagePayload.Message(json, what.message, what.settings, what.status, what.Now));
        var authorization = basic ?? tokens!.Get(refused: null); // one of the two is there
        var reply = await CallAsync("/v1/messages", authorization, body, ct);
        // A token that our clock thinks is good may be too old or too new for theirs: one more try with a fresh one. The
        // refused call was not processed.
        if (reply is { Fault: null, Status: 401 } && tokens is not null)
            reply = await CallAsync("/v1/messages", tokens.Get(refused: authorization), body, ct);
        return VonageReply.OfMessage(reply, clock);
    }

    private async Task<SendOutcome> SendSmsAsync(SmsMessage message, CancellationToken ct)
    {
        if (SmsSegments.TooLong(message.Text, LongestSms, "Vonage's SMS API") is { } refusal) return refusal;
        var body = JsonBody.Write((message, settings, status, Now: clock.GetUtcNow()), static (json, what) => VonagePayload.Sms(json, what.message, what.settings, what.status, what.Now));
        return VonageReply.OfSms(await CallAsync("/sms/json", basic!, body, ct), clock); // there: only messages are signed
    }

    private async Task<WireReply> CallAsync(string path, string authorization, byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return await wire.SendAsync(request, new OutgoingBody(body, WireClient.PlainJson), ct);
    }
}
