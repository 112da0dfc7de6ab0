using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.JPush;

internal sealed class JPushProvider(WireClients wires, JPushOptions settings, TimeProvider clock) : IProvider<PushMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire = wires.HttpBest(settings.BaseAddress);
    private readonly string authorization = BasicAuthorization.Header(settings.AppKey!, settings.MasterSecret!); // present: checked at start

    public string Name => "jpush";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.IosPush or Channel.AndroidPush && pushProvider is "jpush";

    public async Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct)
    {
        var most = message.Channel is Channel.IosPush ? settings.MaxIosBytes : settings.MaxAndroidBytes;
        if (!FittingBody.TryText(message, static (json, what) => JPushPayload.WriteContent(json, what.Message, what.Body), most, out var body))
            return SendOutcome.Permanent("1005", $"over {most} bytes even with a shortened text");

        var now = clock.GetUtcNow();
        var payload = JsonBody.Write((message, body, settings, now), static (json, what) => JPushPayload.Write(json, what.message, what.body, what.settings, what.now));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/push");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return JPushReply.Outcome(await wire.SendAsync(request, new OutgoingBody(payload, WireClient.PlainJson), ct), clock);
    }

    /// Asks for one cid of the pool and does not use it.
    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var reply = await wire.AskAsync("/v3/push/cid?count=1&type=push", authorization, ct);
        return reply.Fault ?? (reply.Status == 200 ? SendOutcome.Accepted(null) : JPushReply.Outcome(reply, clock));
    }

    public void Dispose() => wire.Dispose();
}
