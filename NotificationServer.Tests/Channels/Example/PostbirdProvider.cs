using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Tests.Channels.Example;

internal sealed class PostbirdProvider(WireClients wires, PostbirdOptions settings, TimeProvider clock) : IProvider<SmsMessage>, ICredentialCheck, IDisposable
{
    private readonly WireClient wire = wires.Http(settings.BaseAddress);
    private readonly string authorization = "Bearer " + settings.ApiKey;

    public string Name => "postbird";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Sms;

    public async Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { to = message.To, from = message.From ?? settings.From, text = message.Text, reference = message.Id });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/messages");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return Outcome(await wire.SendAsync(request, new OutgoingBody(body, WireClient.PlainJson), ct));
    }

    public async Task<SendOutcome> CheckAsync(CancellationToken ct) =>
        await wire.AskAsync("/account", authorization, ct) is { Fault: null, Status: 200 } ? SendOutcome.Accepted(null)
            : SendOutcome.Misconfigured("key_refused", "Postbird does not know this key");

    public void Dispose() => wire.Dispose();

    private SendOutcome Outcome(WireReply reply)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        return (reply.Status, Text(json, "id"), Text(json, "error")) switch
        {
            (201, { } id, _) => SendOutcome.Accepted(id),
            (400, _, "no_such_number") => SendOutcome.AddressDead("no_such_number", "Postbird says that there is no such number"),
            (402, _, _) => SendOutcome.Misconfigured("no_credit", "Postbird wants to be paid"),
            _ => reply.ByStatus("Postbird", clock, Text(json, "error")),
        };
    }

    private static string? Text(JsonDocument? json, string name) =>
        json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
