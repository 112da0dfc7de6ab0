using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Fcm;

internal sealed class FcmProvider : IProvider<PushMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire;
    private readonly FcmTokens tokens;
    private readonly TimeProvider clock;
    private readonly string path;

    public FcmProvider(WireClients wires, FcmOptions settings, TimeProvider clock)
    {
        this.clock = clock;
        tokens = new FcmTokens(wires, settings, clock);
        wire = wires.HttpBest(settings.BaseAddress);
        path = $"/v1/projects/{Uri.EscapeDataString(tokens.ProjectId)}/messages:send";
    }

    public string Name => "fcm";

    public bool Carries(Channel channel, string? pushProvider) =>
        channel is Channel.AndroidPush or Channel.IosPush or Channel.WebPush && pushProvider is "fcm";

    public async Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var payload = FittingBody.Write(message, (json, what) => FcmPayload.Write(json, what.Message, what.Body, now));
        if (payload is null)
            return SendOutcome.Permanent("INVALID_ARGUMENT", $"over {FittingBody.MostBytes} bytes even with a shortened text");

        var (token, fault) = await tokens.GetAsync(refused: null, ct);
        if (token is null) return fault;
        var reply = await PostAsync(payload, token, ct);
        if (!FcmReply.WantsNewToken(reply)) return FcmReply.Outcome(reply, clock);

        (token, fault) = await tokens.GetAsync(refused: token, ct);
        return token is null ? fault : FcmReply.Final(await PostAsync(payload, token, ct), clock);
    }

    /// A fresh access token; one that is still good would prove nothing.
    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var (held, fault) = await tokens.GetAsync(refused: null, ct);
        if (held is not null) (held, fault) = await tokens.GetAsync(refused: held, ct);
        return held is null ? fault : SendOutcome.Accepted(null);
    }

    public void Dispose()
    {
        wire.Dispose();
        tokens.Dispose();
    }

    private async Task<WireReply> PostAsync(byte[] payload, string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        return await wire.SendAsync(request, new OutgoingBody(payload, WireClient.Json), ct);
    }
}
