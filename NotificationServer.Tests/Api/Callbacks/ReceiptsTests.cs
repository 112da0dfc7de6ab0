using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Callbacks;

/// `POST /in/{vendor}/{account}`: who is let in, and what is made of batches.
public sealed class ReceiptsTests(ReceiptsTests.Fixture fixture) : IClassFixture<ReceiptsTests.Fixture>
{
    private const string Base = "https://messages.example.org";
    private const string Token = "twilio-auth-token";
    private const string Secret = "vonage-signature-secret-0123456789ab";
    private const string MailchimpKey = "mailchimp-webhook-key";
    private const string Form = "application/x-www-form-urlencoded";

    private readonly HttpClient anybody = fixture.Server.ClientFor(null);

    [Fact]
    public async Task Twilio_is_let_in_by_the_address_that_it_knows_us_by_and_nobody_else_is()
    {
        var (url, fields) = ($"/in/twilio/twilio?message_id={Guid.CreateVersion7():N}", Status("delivered"));
        var body = CallbackBody.Form(fields);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(url, body, Form, ("X-Twilio-Signature", CallbackSignature.Twilio(Token, Base + url, fields))));
        Assert.Equal(1, await StoredAsync());

        foreach (var (target, signature) in new[]
        {
            (url, CallbackSignature.Twilio("another", Base + url, fields)),
            (url, CallbackSignature.Twilio(Token, fixture.Server.Address + url[1..], fields)), // the inner address
            (url + "0", CallbackSignature.Twilio(Token, Base + url, fields)), // about another message
            (url, "not base64"),
        })
            Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(target, CallbackBody.Form(Status("failed")), Form, ("X-Twilio-Signature", signature)));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(url, body, Form));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/twilio/other", body, Form, ("X-Twilio-Signature", CallbackSignature.Twilio(Token, Base + "/in/twilio/other", fields))));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/nobody/nobody", body, Form));
        Assert.Equal(1, await StoredAsync());
    }

    [Fact]
    public async Task SendGrid_s_batch_is_read_event_by_event_whatever_is_in_it()
    {
        var events = new[]
        {
            """{"email":"ann@example.org","event":"delivered","timestamp":1700000000,"sg_event_id":"e1","message_id":"019aab00-0000-7000-8000-00000000002a"}""",
            """{"event":"delivered","timestamp":1700000000,"sg_event_id":"e1","message_id":"019aab00-0000-7000-8000-00000000002a"}""",
            """{"email":"ann@example.org","event":"levitated","sg_event_id":"e2","timestamp":"soon"}""",
            """{"event":{"deep":[1]},"reason":"\u0000\ud800 <ann@example.org> +15551234567890","timestamp":-1}""",
            "{}", "[]", "null", "17",
        };

        Assert.Equal(HttpStatusCode.OK, await SendGridAsync($"[{string.Join(',', events)}]\r\n"));
        Assert.Equal(HttpStatusCode.OK, await SendGridAsync("[{"));
        Assert.Equal(HttpStatusCode.OK, await SendGridAsync("""{"event":"delivered"}"""));

        Assert.Equal(1, await fixture.Server.Database.Source.CountAsync("select count(*) from receipts where vendor = 'sendgrid' and event = 'delivered'"));
        Assert.Equal("unknown", await fixture.Server.Database.Source.AskAsync<string>("select kind from receipts where event = 'levitated'"));
        Assert.Equal(0, await fixture.Server.Database.Source.CountAsync("select count(*) from receipts where receipts::text like '%ann@%' or receipts::text like '%5551234%'"));
    }

    [Fact]
    public async Task Of_a_long_word_whole_characters_are_kept()
    {
        Assert.Equal(HttpStatusCode.OK, await SendGridAsync($$"""[{"event":"g1{{new string('x', 197)}}😀","sg_event_id":"g1"}]"""));

        Assert.Equal(199, await fixture.Server.Database.Source.CountAsync("select char_length(event) from receipts where event like 'g1%'"));
    }

    [Fact]
    public async Task SendGrid_is_believed_for_minutes_and_with_the_very_bytes_only()
    {
        var body = """[{"event":"processed","sg_event_id":"f1"}]""";
        var old = TimeProvider.System.GetUtcNow().AddMinutes(-6);

        Assert.Equal(HttpStatusCode.Forbidden, await SendGridAsync(body, old));
        Assert.Equal(HttpStatusCode.Forbidden, await SendGridAsync(body, signed: body + "\r\n"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/sendgrid/sendgrid", Encoding.UTF8.GetBytes(body), "application/json"));
        Assert.Equal(0, await fixture.Server.Database.Source.CountAsync("select count(*) from receipts where event = 'processed'"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendGridAsync($"[{new string(' ', 2 * 1024 * 1024)}]"));
    }

    [Fact]
    public async Task Mailchimp_looks_first_then_tries_with_nothing_and_then_sends_a_thousand_events()
    {
        using (var head = await anybody.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/in/mailchimp/mailchimp", UriKind.Relative)))) Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await MailchimpAsync("[]", "test-webhook"));
        Assert.Equal(HttpStatusCode.Forbidden, await MailchimpAsync("""[{"event":"send"}]""", "test-webhook"));

        var events = string.Join(',', Enumerable.Range(0, 1000).Select(i =>
            $$$"""{"event":"send","_id":"{{{i:x32}}}","ts":1700000000,"msg":{"email":"ann@example.org","state":"sent","metadata":[],"subject":"{{{new string('x', 500)}}}"}}"""));
        Assert.Equal(HttpStatusCode.OK, await MailchimpAsync($"[{events}]", MailchimpKey));
        Assert.Equal(HttpStatusCode.OK, await MailchimpAsync($"[{events}]", MailchimpKey)); // the answer was lost

        Assert.Equal(1000, await fixture.Server.Database.Source.CountAsync("select count(*) from receipts where vendor = 'mailchimp'"));
    }

    [Fact]
    public async Task Vonage_is_believed_by_its_token_or_its_parameter_and_told_to_come_again_where_there_is_neither()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"message_uuid":"{{Guid.CreateVersion7()}}","status":"undeliverable","to":"447700900001","error":{"title":"1260","detail":"x"},"client_ref":"{{Guid.CreateVersion7():N}}"}""");
        var now = TimeProvider.System.GetUtcNow();
        string Signed(string secret, DateTimeOffset at) => CallbackSignature.VonageToken(secret, body, at, "j", "k", "a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync("/in/vonage/vonage", body, "application/json"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/vonage/vonage", body, "application/json", ("Authorization", Signed("another-secret", now))));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/vonage/vonage", body, "application/json", ("Authorization", Signed(Secret, now.AddMinutes(-6)))));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/vonage/vonage", [.. body, (byte)' '], "application/json", ("Authorization", Signed(Secret, now))));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/in/vonage/vonage", body, "application/json", ("Authorization", Signed(Secret, now))));

        var fields = new Dictionary<string, string>
        {
            ["msisdn"] = "447700900000", ["messageId"] = "0C01", ["status"] = "failed", ["err-code"] = "9", ["client-ref"] = $"{Guid.CreateVersion7():N}",
            ["timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["nonce"] = "n",
        };
        fields["sig"] = CallbackSignature.VonageSig("sha256", Secret, fields);
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/in/vonage/vonage", CallbackBody.Form(fields), Form));
        fields["err-code"] = "0";
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/in/vonage/vonage", CallbackBody.Form(fields), Form));

        Assert.Equal("1260 invalid_recipient, 9 invalid_recipient", await fixture.Server.Database.Source.AskAsync<string>(
            "select string_agg(code || ' ' || class, ', ' order by code) from receipts where vendor = 'vonage'"));
        // The person said STOP to Vonage: so much is certain, whichever message it was about.
        Assert.Equal("stop", await fixture.Server.Database.Source.AskAsync<string>("select reason from suppressions where address = '+447700900000'"));
    }

    private Task<HttpStatusCode> SendGridAsync(string body, DateTimeOffset? at = null, string? signed = null)
    {
        var time = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return PostAsync("/in/sendgrid/sendgrid", Encoding.UTF8.GetBytes(body), "application/json",
            ("X-Twilio-Email-Event-Webhook-Signature", CallbackSignature.SendGrid(fixture.Key, time, Encoding.UTF8.GetBytes(signed ?? body))),
            ("X-Twilio-Email-Event-Webhook-Timestamp", time));
    }

    private Task<HttpStatusCode> MailchimpAsync(string events, string key)
    {
        KeyValuePair<string, string>[] fields = [new("mandrill_events", events)];
        return PostAsync("/in/mailchimp/mailchimp", CallbackBody.Form(fields), Form, ("X-Mandrill-Signature", CallbackSignature.Mailchimp(key, $"{Base}/in/mailchimp/mailchimp", fields)));
    }

    private async Task<HttpStatusCode> PostAsync(string path, byte[] body, string type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await anybody.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<int> StoredAsync() => fixture.Server.Database.Source.CountAsync("select count(*) from receipts where vendor = 'twilio'");

    private static KeyValuePair<string, string>[] Status(string status) =>
        [new("AccountSid", "AC1"), new("MessageSid", "SM1"), new("MessageStatus", status), new("To", "+15551234567"), new("Empty", "")];

    public sealed class Fixture : IAsyncLifetime
    {
        internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ServerHost Server { get; private set; } = null!; // xunit initialises before any test

        public async Task InitializeAsync() => Server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Links:PublicUrl"] = Base,
            ["Channels:InboundSms:TwilioAuthToken"] = Token,
            ["Channels:InboundSms:VonageSignatureSecret"] = Secret,
            ["Channels:Callbacks:SendGridPublicKey"] = Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo()),
            ["Channels:Callbacks:MailchimpKey"] = MailchimpKey,
        });

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            Key.Dispose();
        }
    }
}
