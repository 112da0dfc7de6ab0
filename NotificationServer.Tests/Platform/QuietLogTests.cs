using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

/// Nothing that a person or a service keeps to itself is ever in the log, whether a request is taken or refused.
[Bar("S36")]
public sealed class QuietLogTests
{
    private const string Canary = "canary7h2k";

    [Fact]
    public async Task Addresses_tokens_words_and_keys_stay_out_of_the_log_whatever_becomes_of_the_request()
    {
        await using var server = await ServerHost.StartAsync(Environments.Development);
        var key = await server.KeyAsync();
        var client = server.ClientFor(key);
        string[] calls =
        [
            $$"""PUT /v1/users/quiet {"email":"{{Canary}}@example.org","phone":"+15005550006","attributes":{"note":"{{Canary}}"} }""",
            $$"""PUT /v1/users/quiet/devices/d {"platform":"android","push_provider":"fcm","token":"{{Canary}}:{{Canary}}"}""",
            $$"""POST /v1/notifications {"to":[{"user_id":"quiet"}],"channels":["email","push"],"content":{"subject":"{{Canary}}","text":"{{Canary}}","title":"{{Canary}}","body":"{{Canary}}"},"metadata":{"a":"{{Canary}}"} }""",
            $$"""POST /v1/notifications {"to":[{"email":"{{Canary}}"}],"channels":["email"],"content":{"subject":"{{Canary}}\r\nBcc: x","text":"{{Canary}}"} }""",
            $$"""POST /v1/suppressions {"channel":"email","address":"{{Canary}}@example.org"}""",
            $$"""PUT /v1/providers/quiet {"kind":"sendgrid","settings":{"from":"shop@example.com"},"secrets":{"api_key":"SG.{{Canary}}"},"enabled":false}""",
            $$"""POST /v1/webhook-endpoints {"url":"https://hooks.example.com/?token={{Canary}}","event_types":["message.sent"]}""",
            $$"""POST /v1/templates {"key":"quiet","name":"{{Canary}}","channels":{"sms":{"body":"{{Canary}} {unclosed"} } }""",
            $"GET /v1/messages?user_id={Canary}&cursor={Canary}",
            $"GET /v1/users/{Canary}%20{Canary}",
            $"GET /u/{Canary}",
            $"POST /in/twilio/{Canary} {{\"Body\":\"{Canary}\"}}",
        ];

        foreach (var call in calls)
        {
            var at = call.IndexOf(" {", StringComparison.Ordinal);
            using var response = await client.SendAsync(at < 0 ? call : call[..at], at < 0 ? null : call[at..], ("X-Api-Key", Canary), ("Cookie", $"session={Canary}"), ("User-Agent", Canary), ("Referer", $"https://x.example/{Canary}"));
            Assert.True((int)response.StatusCode < 500, $"{call}: {response.StatusCode}");
        }
        using var stranger = await server.ClientFor(key[..^4] + "0000").SendAsync("GET /v1/categories", null, ("Authorization", $"Bearer nsk_live_{Canary}"));
        await Eventually.IsTrueAsync(async () => (await client.JsonAsync("GET /v1/messages")).GetProperty("data").EnumerateArray().All(one => one.GetProperty("delivery_status").GetString() is not ("queued" or "sending")));

        Assert.NotEmpty(server.Log.Text);
        Assert.DoesNotContain(Canary, server.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("+15005550006", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^64..], server.Log.Text, StringComparison.Ordinal);
        Assert.Empty(server.Log.Errors);
    }
}
