using System.Globalization;
using System.Net.Http.Headers;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.WebPush;

internal sealed class WebPushProvider(WireClients wires, WebPushOptions settings, TimeProvider clock) : IProvider<PushMessage>, IDisposable
{
    private static readonly MediaTypeHeaderValue Bytes = new("application/octet-stream");

    private readonly WireClient wire = wires.HttpAny();
    private readonly VapidTokens tokens = new(settings, clock);
    private readonly PushHosts hosts = new(settings.AllowedHosts);

    public string Name => "webpush";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.WebPush && pushProvider is "webpush";

    public async Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct)
    {
        if (Subscription.Parse(message.Token, out var wrong) is not { } to)
            return SendOutcome.AddressDead(wrong, "what is stored as token is no browser's subscription");
        // The message is given up rather than the address: a host may be added to the list.
        if (!hosts.Allow(to.Endpoint))
            return SendOutcome.Permanent("unknown_push_host", "the subscription's host is not on the list of push services (Channels:WebPush:MoreHosts)");

        var payload = WebPushPayload.IsEmpty(message) ? [] : Payload(message);
        if (payload is null)
            return SendOutcome.Permanent("payload_too_large", $"over {settings.MaxPayload} bytes even with a shortened text");

        using var request = new HttpRequestMessage(HttpMethod.Post, to.Endpoint);
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Authorization", tokens.For(to.Endpoint));
        headers.TryAddWithoutValidation("TTL", ((long)PushLife.Of(message, clock.GetUtcNow()).TotalSeconds).ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("Urgency", message.Urgent && !message.Background ? "high" : "normal");
        headers.TryAddWithoutValidation("Topic", CollapseName.ForWebPush(message.CollapseKey ?? message.Id.ToString("N")));
        return WebPushReply.Outcome(await wire.SendAsync(request, Body(payload, to), ct), clock);
    }

    public void Dispose()
    {
        wire.Dispose();
        tokens.Dispose();
    }

    private byte[]? Payload(PushMessage message) =>
        FittingBody.Write(message, static (json, what) => WebPushPayload.Write(json, what.Message, what.Body), settings.MaxPayload);

    private static OutgoingBody Body(byte[] payload, Subscription to)
    {
        if (payload.Length == 0) return new OutgoingBody(payload, type: null);
        var body = new OutgoingBody(WebPushEncryption.Encrypt(payload, to), Bytes);
        body.Headers.ContentEncoding.Add("aes128gcm");
        return body;
    }
}
