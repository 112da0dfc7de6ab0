using System.Globalization;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Apns;

internal sealed class ApnsProvider(WireClients wires, ApnsOptions settings, TimeProvider clock) : IProvider<PushMessage>, ICredentialCheck, IDisposable
{
    /// A device that cannot be.
    private static readonly string NoDevice = new('0', 64);

    private readonly WireClient wire = wires.Http2(settings.BaseAddress);
    private readonly ApnsTokens tokens = new(settings, clock);
    private readonly string topic = settings.Topic!; // present: checked at start

    public string Name => "apns";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.IosPush && pushProvider is "apns";

    public async Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct)
    {
        if (message.AppId is { } app && !CollapseName.IsPrintable(app))
            return SendOutcome.Permanent("BadTopic", "the device's app id is no bundle id");
        var payload = FittingBody.Write(message, static (json, what) => ApsPayload.Write(json, what.Message, what.Body));
        if (payload is null)
            return SendOutcome.Permanent("PayloadTooLarge", $"over {FittingBody.MostBytes} bytes even with a shortened text");

        var token = tokens.Current();
        var reply = await PostAsync(message, payload, token, ct);
        if (reply.Status != 403 || ApnsReply.Reason(reply) != "ExpiredProviderToken") return ApnsReply.Outcome(reply, clock);

        return tokens.Instead(token) is { } another
            ? ApnsReply.Final(await PostAsync(message, payload, another, ct), clock)
            : ApnsReply.ClockIsWrong();
    }

    /// Apple has no call for it. Of a push to no device it looks at the provider token first: what it says of the device says that it knows us.
    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var nobody = new PushMessage { Id = Guid.CreateVersion7(), Channel = Channel.IosPush, Token = NoDevice, PushProvider = Name, Title = "Test", Body = "Test" };
        var outcome = await SendAsync(nobody, ct);
        return outcome is { Status: SendStatus.AddressDead, Code: "BadDeviceToken" or "Unregistered" } ? SendOutcome.Accepted(null) : outcome;
    }

    public void Dispose()
    {
        wire.Dispose();
        tokens.Dispose();
    }

    private async Task<WireReply> PostAsync(PushMessage message, byte[] payload, string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/3/device/" + Uri.EscapeDataString(message.Token.ToLowerInvariant()));
        var headers = request.Headers;
        headers.TryAddWithoutValidation("authorization", token);
        headers.TryAddWithoutValidation("apns-id", message.Id.ToString("D"));
        headers.TryAddWithoutValidation("apns-topic", message.AppId ?? topic);
        headers.TryAddWithoutValidation("apns-push-type", message.Background ? "background" : "alert");
        // 10 is an error for a background push.
        headers.TryAddWithoutValidation("apns-priority", message.Urgent && !message.Background ? "10" : "5");
        headers.TryAddWithoutValidation("apns-expiration", Expiration(message));
        // Apple does not drop a repeat by its apns-id; with the message's own key the repeat replaces the first on the device.
        headers.TryAddWithoutValidation("apns-collapse-id", message.CollapseKey is { } key ? CollapseName.ForApns(key) : message.Id.ToString("D"));
        return await wire.SendAsync(request, new OutgoingBody(payload, type: null), ct);
    }

    private string Expiration(PushMessage message) =>
        PushLife.EndOf(message, clock.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
}
