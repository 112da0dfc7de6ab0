using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Api.Http;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Callbacks;

/// Calls that nothing in their bodies could make believed: answered on their headers alone, so that nobody is read at length who may be anybody.
public sealed class UnreadCallbacksTests(UnreadCallbacksTests.Fixture fixture) : IClassFixture<UnreadCallbacksTests.Fixture>
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("twilio", 60_000)]
    [InlineData("sendgrid", 2_000_000)]
    [InlineData("mailchimp", 8_000_000)]
    public async Task Without_the_header_of_a_signature_a_call_is_refused_before_its_body_has_come(string vendor, int promised)
    {
        Assert.Equal(403, RawHttp.Status(await PromiseAsync(fixture.Server, vendor, promised)));
    }

    [Theory]
    [InlineData("twilio", "X-Twilio-Signature: x\r\n", 60_000)]
    [InlineData("vonage", "Authorization: Bearer x\r\n", 60_000)]
    [InlineData("sendgrid", "X-Twilio-Email-Event-Webhook-Signature: x\r\nX-Twilio-Email-Event-Webhook-Timestamp: 1\r\n", 2_000_000)]
    [InlineData("mailchimp", "X-Mandrill-Signature: x\r\n", 8_000_000)]
    public async Task Where_nobody_has_set_a_key_yet_a_call_is_told_to_come_again_before_its_body_has_come(string vendor, string signature, int promised)
    {
        foreach (var path in vendor is "twilio" or "vonage" ? [vendor, $"sms/{vendor}"] : new[] { vendor })
        {
            var answer = await PromiseAsync(fixture.Keyless, path, promised, signature);

            Assert.Equal(503, RawHttp.Status(answer));
            Assert.Contains("Retry-After:", answer, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Mailchimp_tries_an_address_before_it_shows_the_key_and_gets_no_further_with_events()
    {
        foreach (var (server, otherwise) in new[] { (fixture.Server, HttpStatusCode.Forbidden), (fixture.Keyless, HttpStatusCode.ServiceUnavailable) })
        {
            using (var head = await server.ClientFor(null).SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/in/mailchimp/mailchimp", UriKind.Relative)))) Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(HttpStatusCode.OK, await PostAsync(server, "mailchimp/mailchimp", "mandrill_events=%5B%5D"));
            Assert.Equal(otherwise, await PostAsync(server, "mailchimp/mailchimp", "mandrill_events=[{}]"));
            Assert.Equal(otherwise, await PostAsync(server, "mailchimp/mailchimp", $"mandrill_events=[]&more={new string('x', 100_000)}"));
        }
    }

    [Theory]
    [InlineData("mailchimp/mailchimp")]
    [InlineData("sendgrid/sendgrid")]
    [InlineData("sms/twilio")]
    [InlineData("nobody/nobody")]
    public async Task What_is_packed_is_refused_before_it_is_unpacked(string path)
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync(fixture.Server, path, "whatever", "gzip"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync(fixture.Server, path.ToUpperInvariant(), "whatever", "br"));
    }

    [Theory]
    [InlineData("vonage/vonage")]
    [InlineData("sms/vonage")]
    public async Task Half_a_character_in_a_name_is_no_body_of_theirs(string path)
    {
        using var content = new StringContent("""{"\ud83d":"x"}""", Encoding.UTF8, "application/json");
        using var answer = await fixture.Server.ClientFor(null).PostAsync(new Uri($"/in/{path}", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// The headers of a long call, and then nothing.
    private static Task<string> PromiseAsync(ServerHost server, string path, int length, string headers = "") => RawHttp.SendAsync(server.Address,
        $"POST /in/{(path.Contains('/', StringComparison.Ordinal) ? path : $"{path}/{path}")} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {Form}\r\nContent-Length: {length}\r\n{headers}\r\n");

    private static async Task<HttpStatusCode> PostAsync(ServerHost server, string path, string body, string? encoding = null)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse(Form));
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        using var answer = await server.ClientFor(null).PostAsync(new Uri($"/in/{path}", UriKind.Relative), content);
        return answer.StatusCode;
    }

    public sealed class Fixture : IAsyncLifetime
    {
        /// Knows the keys of all.
        public ServerHost Server { get; private set; } = null!; // xunit initialises before any test
        public ServerHost Keyless { get; private set; } = null!; // the same

        public async Task InitializeAsync()
        {
            Server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
            {
                ["Channels:InboundSms:TwilioAuthToken"] = "twilio-auth-token",
                ["Channels:InboundSms:VonageSignatureSecret"] = "vonage-signature-secret-0123456789ab",
                ["Channels:Callbacks:SendGridPublicKey"] = "a key",
                ["Channels:Callbacks:MailchimpKey"] = "mailchimp-webhook-key",
            });
            Keyless = await ServerHost.StartAsync(Environments.Development);
        }

        public async Task DisposeAsync()
        {
            await Keyless.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
