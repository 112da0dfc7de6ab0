using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using NotificationServer.Channels.Email.Mailchimp;
using NotificationServer.Channels.Email.SendGrid;
using NotificationServer.Simulator.Callbacks;

namespace NotificationServer.Tests.Channels.Receipts;

/// The files of signatures, both ways: we believe what they say is right, and the simulator signs as they do.
public sealed class ReceiptSignatureTests
{
    private static readonly JsonNode SendGrid = Vector.Read("sendgrid-event-webhook-signatures");
    private static readonly JsonNode Mailchimp = Vector.Read("mandrill-webhook-signatures");
    private static readonly JsonNode Twilio = Vector.Read("twilio-webhook-signatures");
    private static readonly JsonNode Vonage = Vector.Read("vonage-webhook-signatures");

    public static TheoryData<string> SendGridCases() => [.. Names(SendGrid["cases"]!)];
    public static TheoryData<string> MailchimpCases() => [.. Names(Mailchimp["cases"]!)];

    [Theory, MemberData(nameof(SendGridCases))]
    public void SendGrid_is_believed_where_its_own_library_believes(string name)
    {
        var one = Case(SendGrid["cases"]!, name);
        var (key, signature, time) = (SendGrid["publicKeyBase64Spki"]!.GetValue<string>(), Text(one, "signature"), Text(one, "timestamp"));
        var body = Convert.FromBase64String(Text(one, "payloadBase64"));

        Assert.Equal(one["sdkAccepts"]!.GetValue<bool>(), SendGridSignature.Matches(key, signature, time, body));
        Assert.False(SendGridSignature.Matches(key, signature, time, [.. body, (byte)' ']));
        Assert.False(SendGridSignature.Matches(key, signature[..^4], time, body));
        Assert.False(SendGridSignature.Matches("not a key", signature, time, body));
    }

    [Theory, MemberData(nameof(SendGridCases))]
    public void What_the_simulator_signs_as_SendGrid_is_believed(string name)
    {
        var one = Case(SendGrid["cases"]!, name);
        using var key = ECDsa.Create();
        key.ImportFromPem(Text(SendGrid, "privateKeyPem"));
        var body = Convert.FromBase64String(Text(one, "payloadBase64"));

        Assert.True(SendGridSignature.Matches(Text(SendGrid, "publicKeyBase64Spki"), CallbackSignature.SendGrid(key, Text(one, "timestamp"), body), Text(one, "timestamp"), body));
    }

    [Theory, MemberData(nameof(MailchimpCases))]
    public void Mailchimp_is_believed_at_the_very_address_that_it_was_told(string name)
    {
        var (key, one) = (Text(Mailchimp, "webhookKey"), Case(Mailchimp["cases"]!, name));
        var fields = one["params"]!.AsObject().ToDictionary(field => field.Key, field => field.Value!.GetValue<string>());
        var form = fields.ToDictionary(field => field.Key, field => new StringValues(field.Value));
        var valid = one["valid"]!.GetValue<bool>();

        Assert.Equal(valid, MailchimpSignature.Matches(key, Text(one, "signature"), Text(one, "url"), form));
        Assert.Equal(valid, Text(one, "signature") == CallbackSignature.Mailchimp(key, Text(one, "url"), fields));
        Assert.False(MailchimpSignature.Matches(key + "x", Text(one, "signature"), Text(one, "url"), form));
    }

    [Fact]
    public void What_the_simulator_signs_as_Twilio_and_Vonage_is_what_the_files_say()
    {
        foreach (var one in Twilio["cases"]!.AsArray().Where(one => one!["params"] is not null && one["sdkAccepts"]!.GetValue<bool>()))
            Assert.Equal(Text(one!, "signature"), CallbackSignature.Twilio(Text(Twilio, "authToken"), Text(one!, "url"), Fields(one!)));

        var tokens = Vonage["messagesApiSignedWebhooks"]!;
        foreach (var one in tokens["cases"]!.AsArray().Where(one => one!["sdkAcceptsToken"]!.GetValue<bool>() && one["payloadHashMatches"]!.GetValue<bool>()))
        {
            var claims = one!["claims"]!;
            Assert.Equal(Text(one, "authorization"), CallbackSignature.VonageToken(Text(tokens, "signatureSecret"), Encoding.UTF8.GetBytes(Text(one, "body")),
                DateTimeOffset.FromUnixTimeSeconds(claims["iat"]!.GetValue<long>()), Text(claims, "jti"), Text(claims, "api_key"), Text(claims, "application_id")));
        }

        var sigs = Vonage["smsApiSigParameter"]!;
        foreach (var one in sigs["cases"]!.AsArray())
            Assert.Equal(Text(one!, "sig"), CallbackSignature.VonageSig(Text(one!, "method"), Text(sigs, "signatureSecret"), Fields(one!)), ignoreCase: true);
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(JsonNode one) => one["params"]!.AsObject().SelectMany(field => field.Value is JsonArray many
        ? many.Select(value => KeyValuePair.Create(field.Key, value!.GetValue<string>())) : [KeyValuePair.Create(field.Key, field.Value!.GetValue<string>())]);

    private static string Text(JsonNode of, string member) => of[member]!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode cases) => cases.AsArray().Select(one => one!["name"]!.GetValue<string>());

    private static JsonNode Case(JsonNode cases, string name) => cases.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;
}
