using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.SendGrid;

/// The event webhook: for each thing that happens to a request's mails one batch.
internal static class SendGridCallbacks
{
    public static IReadOnlyList<CallbackCall> Of(IReadOnlyList<LedgerEntry> mails, string? url, SimulatorCredentials credentials)
    {
        if (url is null || mails.Count == 0) return [];
        // Their ids are made now: a batch that is told twice says the same.
        var stories = mails.Select(mail => Story(LaterFate.InMail(mail.To)).Select(one => (Mail: mail, one.Event, one.More, Id: Id())).ToList()).ToList();
        return [.. Enumerable.Range(0, stories.Max(story => story.Count))
            .Select(step => Call(url, credentials, [.. stories.Where(story => story.Count > step).Select(story => story[step])]))];
    }

    private static CallbackCall Call(string url, SimulatorCredentials credentials, List<(LedgerEntry Mail, string Event, string More, string Id)> events) =>
        new("sendgrid", url, now =>
        {
            var array = new JsonArray([.. events.Select(one => (JsonNode)Event(one.Mail, one.Event, one.More, one.Id, now))]);
            var body = Encoding.UTF8.GetBytes(array.ToJsonString() + "\r\n");
            var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var key = ECDsa.Create();
            key.ImportFromPem(credentials.SendGridWebhookKeyPem);
            return new CallbackBody(body, "application/json",
            [
                new("X-Twilio-Email-Event-Webhook-Signature", CallbackSignature.SendGrid(key, timestamp, body)),
                new("X-Twilio-Email-Event-Webhook-Timestamp", timestamp),
            ]);
        });

    private static JsonObject Event(LedgerEntry mail, string name, string more, string id, DateTimeOffset now)
    {
        var one = new JsonObject
        {
            ["email"] = mail.To,
            ["timestamp"] = now.ToUnixTimeSeconds(),
            ["event"] = name,
            ["sg_event_id"] = id,
            ["sg_message_id"] = $"{mail.Id}.recvd-5b5f7c9d4-abcde-1-6567.0",
            ["smtp-id"] = $"<{mail.Id}@geopod-ismtpd-1>",
        };
        if (mail.MessageKey is { } key) one["message_id"] = key;
        foreach (var (member, value) in JsonNode.Parse(more)!.AsObject()) one[member] = value?.DeepClone(); // literals below
        return one;
    }

    private static (string Event, string More)[] Story(string? fate) => fate switch
    {
        "bounce" => [Processed, ("bounce", """{"type":"bounce","status":"5.1.1","reason":"550 5.1.1 The email account that you tried to reach does not exist","bounce_classification":"Invalid Address"}""")],
        "blocked" => [Processed, ("bounce", """{"type":"blocked","status":"5.7.1","reason":"550 5.7.1 Message blocked by policy","bounce_classification":"Reputation"}""")],
        "dropped" => [("dropped", """{"reason":"Bounced Address","status":"5.0.0"}""")],
        "deferred" => [Processed, ("deferred", """{"response":"450 4.2.1 Try again later","attempt":"1"}"""), Delivered],
        "spam" => [Processed, Delivered, ("spamreport", "{}")],
        "unsubscribe" => [Processed, Delivered, ("unsubscribe", "{}")],
        _ => [Processed, Delivered],
    };

    private static (string, string) Processed => ("processed", "{}");

    private static (string, string) Delivered => ("delivered", """{"response":"250 2.0.0 OK","tls":1}""");

    private static string Id() => RandomNumberGenerator.GetHexString(22, lowercase: true);
}
