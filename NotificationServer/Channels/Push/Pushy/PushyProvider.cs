using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Pushy;

internal sealed class PushyProvider(WireClients wires, PushyOptions settings, TimeProvider clock) : IProvider<PushMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire = wires.HttpBest(settings.BaseAddress);
    // The key is in the address, the way Pushy wants it: so the address is in no log, no trace and no word of an outcome.
    private readonly string key = $"?api_key={Uri.EscapeDataString(settings.ApiKey!)}"; // present: checked at start

    public string Name => "pushy";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.IosPush or Channel.AndroidPush && pushProvider is "pushy";

    public async Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct)
    {
        // `/topics/news` in the place of a token would tell everyone.
        if (message.Token.Contains('/', StringComparison.Ordinal))
            return SendOutcome.AddressDead("INVALID_TOKEN", "what is stored as token is a topic's name or none of Pushy's");
        if (!FittingBody.TryText(message, static (json, what) => PushyPayload.WriteContent(json, what.Message, what.Body), FittingBody.MostBytes, out var body))
            return SendOutcome.Permanent("PAYLOAD_LIMIT_EXCEEDED", $"over {FittingBody.MostBytes} bytes even with a shortened text");

        var now = clock.GetUtcNow();
        var payload = JsonBody.Write((message, body, now), static (json, what) => PushyPayload.Write(json, what.message, what.body, what.now));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/push" + key);
        return PushyReply.Outcome(await wire.SendAsync(request, new OutgoingBody(payload, WireClient.PlainJson), ct), message.Token, clock);
    }

    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var reply = await wire.AskAsync("/topics" + key, null, ct);
        return reply.Fault ?? (reply.Status == 200 ? SendOutcome.Accepted(null) : PushyReply.Outcome(reply, "", clock));
    }

    public void Dispose() => wire.Dispose();
}
