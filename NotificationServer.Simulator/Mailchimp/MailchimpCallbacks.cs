using System.Text.Json.Nodes;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Mailchimp;

/// The webhook: for each thing that happens to a request's mails one batch.
internal static class MailchimpCallbacks
{
    public static IReadOnlyList<CallbackCall> Of(IReadOnlyList<LedgerEntry> mails, string? url, SimulatorCredentials credentials)
    {
        if (url is null || mails.Count == 0) return [];
        var stories = mails.Select(mail => (Mail: mail, Events: Story(LaterFate.InMail(mail.To)))).ToList();
        return [.. Enumerable.Range(0, stories.Max(story => story.Events.Length))
            .Select(step => Call(url, credentials, [.. stories.Where(story => story.Events.Length > step).Select(story => (story.Mail, story.Events[step].Event, story.Events[step].More))]))];
    }

    private static CallbackCall Call(string url, SimulatorCredentials credentials, List<(LedgerEntry Mail, string Event, string More)> events)
    {
        // A batch that is told again says the same: when it happened too.
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new("mailchimp", url, _ =>
        {
            var batch = new JsonArray([.. events.Select(one => (JsonNode)Event(one.Mail, one.Event, one.More, at))]);
            KeyValuePair<string, string>[] fields = [new("mandrill_events", batch.ToJsonString())];
            return new CallbackBody(CallbackBody.Form(fields), "application/x-www-form-urlencoded",
                [new("X-Mandrill-Signature", CallbackSignature.Mailchimp(credentials.MailchimpWebhookKey, url, fields))]);
        });
    }

    private static JsonObject Event(LedgerEntry mail, string name, string more, long at)
    {
        var msg = new JsonObject
        {
            ["_id"] = mail.Id, ["ts"] = at, ["email"] = mail.To, ["state"] = name is "send" or "delivered" ? "sent" : name,
            // An empty array where there is none, as theirs is.
            ["metadata"] = mail.MessageKey is { } key ? new JsonObject { ["message_id"] = key } : new JsonArray(),
        };
        foreach (var (member, value) in JsonNode.Parse(more)!.AsObject()) msg[member] = value?.DeepClone(); // literals below
        return new JsonObject { ["event"] = name, ["_id"] = mail.Id, ["ts"] = at, ["msg"] = msg };
    }

    private static (string Event, string More)[] Story(string? fate) => fate switch
    {
        "bounce" => [Sent, ("hard_bounce", """{"bounce_description":"bad_mailbox","diag":"smtp;550 5.1.1 no such mailbox","bgtools_code":10}""")],
        "blocked" => [Sent, ("soft_bounce", """{"bounce_description":"mailbox_full","diag":"smtp;552 5.2.2 mailbox full"}""")],
        "dropped" => [("reject", """{"reject":{"reason":"hard-bounce","detail":""}}""")],
        "deferred" => [Sent, ("deferral", """{"diag":"450 4.2.1 try again later"}"""), Delivered],
        "spam" => [Sent, Delivered, ("spam", "{}")],
        "unsubscribe" => [Sent, Delivered, ("unsub", "{}")],
        _ => [Sent, Delivered],
    };

    private static (string, string) Sent => ("send", "{}");

    private static (string, string) Delivered => ("delivered", "{}");
}
