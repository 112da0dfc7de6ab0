using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Twilio;

internal sealed class TwilioVendor(SimulatorCredentials credentials, TimeProvider clock) : IVendor
{
    private readonly string messagesPath = $"/2010-04-01/Accounts/{credentials.TwilioAccountSid}/Messages.json";
    private readonly string accountPath = $"/2010-04-01/Accounts/{credentials.TwilioAccountSid}.json";
    private readonly string keyAuthorization = Basic(credentials.TwilioApiKeySid, credentials.TwilioApiKeySecret);
    private readonly string tokenAuthorization = Basic(credentials.TwilioAccountSid, credentials.TwilioAuthToken);

    public string Name => "twilio";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization != keyAuthorization && authorization != tokenAuthorization) return Refuse(401, 20003);
        if (request.Path == accountPath && HttpMethods.IsGet(request.Method)) return Verdict.Accept(Account(), [], "", null);
        if (request.Path != messagesPath) return Refuse(404, 20404);
        if (!HttpMethods.IsPost(request.Method)) return Refuse(405, 20004);
        if (body.Length > MaxBody) return Refuse(413, 20413);
        // Twilio reads nothing but forms: with any other body the parameters are simply not there.
        var form = Form.Carried(request) ? Form.Parse(body.Span) : new Form([]);
        var message = new SmsForm(form, credentials.TwilioFrom);
        if (message.Fault() is { } code) return Refuse(400, code);
        return Accept(message);
    }

    private Verdict Accept(SmsForm message)
    {
        var sid = (message.MediaCount > 0 ? "MM" : "SM") + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var entry = new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = sid, MessageKey = message.Key, To = message.To!, ChannelHint = "sms",
        }.Written(message.Form, static (json, form) => Write(json, form));
        return Verdict.Accept(Created(sid, message, entry.At), [entry], entry.To, MagicRecipient.InPhone(entry.To));
    }

    private Answer Account() => new(200, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
    {
        ["sid"] = credentials.TwilioAccountSid, ["status"] = "active", ["type"] = "Full", ["friendly_name"] = "Simulator",
    }), "application/json");

    private static void Write(Utf8JsonWriter json, Form form)
    {
        json.WriteStartObject("body");
        foreach (var name in form.Fields.Select(f => f.Key).Distinct())
        {
            var values = form.Fields.Where(f => f.Key == name).Select(f => f.Value).ToArray();
            if (values.Length == 1)
            {
                json.WriteString(name, values[0]);
                continue;
            }

            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private Answer Created(string sid, SmsForm message, DateTimeOffset at)
    {
        var account = credentials.TwilioAccountSid;
        var date = at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000";
        var uri = $"/2010-04-01/Accounts/{account}/Messages/{sid}";
        return new Answer(201, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["account_sid"] = account,
            ["api_version"] = "2010-04-01",
            ["body"] = message.Body ?? "",
            ["date_created"] = date,
            ["date_sent"] = null,
            ["date_updated"] = date,
            ["direction"] = "outbound-api",
            ["error_code"] = null,
            ["error_message"] = null,
            ["from"] = message.From,
            ["messaging_service_sid"] = message.Service,
            ["num_media"] = message.MediaCount.ToString(CultureInfo.InvariantCulture),
            // Until a sender is chosen from the service's pool, Twilio does not say.
            ["num_segments"] = message.Service is null ? "1" : "0",
            ["price"] = null,
            ["price_unit"] = null,
            ["sid"] = sid,
            ["status"] = message.Scheduled ? "scheduled" : message.Service is null ? "queued" : "accepted",
            ["subresource_uris"] = new Dictionary<string, string> { ["media"] = $"{uri}/Media.json" },
            ["to"] = message.To,
            ["uri"] = $"{uri}.json",
        }), "application/json");
    }

    public Answer Error(int status, string? code) =>
        TwilioErrors.Of(status, int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : TwilioErrors.UsualCode(status));

    public Answer DeadRecipient() => Error(400, "21610");

    private static Verdict Refuse(int status, int code) => Verdict.Refuse(TwilioErrors.Of(status, code));

    private static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
