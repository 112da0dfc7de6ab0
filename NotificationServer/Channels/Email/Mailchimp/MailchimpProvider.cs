using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.Mailchimp;

internal sealed class MailchimpProvider(WireClients wires, MailchimpOptions settings, TimeProvider clock) : IProvider<EmailMessage>, IDisposable
{
    private readonly WireClient wire = wires.Http(settings.BaseAddress);

    public string Name => "mailchimp";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Email;

    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var payload = JsonBody.Write((message, settings), static (json, what) => MailchimpPayload.Write(json, what.message, what.settings));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/1.3/messages/send");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return MailchimpReply.Outcome(await wire.SendAsync(request, new OutgoingBody(payload, WireClient.PlainJson), ct), clock);
    }

    public void Dispose() => wire.Dispose();
}
