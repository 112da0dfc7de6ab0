using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.Mailchimp;

internal sealed class MailchimpProvider(WireClients wires, MailchimpOptions settings, TimeProvider clock) : IProvider<EmailMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire = wires.Http(settings.BaseAddress);

    public string Name => "mailchimp";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Email;

    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var payload = JsonBody.Write((message, settings), static (json, what) => MailchimpPayload.Write(json, what.message, what.settings));
        return MailchimpReply.Outcome(await CallAsync("/api/1.3/messages/send", payload, ct), clock);
    }

    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var payload = JsonBody.Write(settings.ApiKey, static (json, key) =>
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteEndObject();
        });
        var reply = await CallAsync("/api/1.3/users/ping", payload, ct);
        return reply is { Fault: null, Status: 200 } ? SendOutcome.Accepted(null) : MailchimpReply.Outcome(reply, clock);
    }

    public void Dispose() => wire.Dispose();

    private async Task<WireReply> CallAsync(string path, byte[] payload, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return await wire.SendAsync(request, new OutgoingBody(payload, WireClient.PlainJson), ct);
    }
}
