using System.Net;
using System.Text;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tests.Documents;

public sealed class WebhookReceiverTests
{
    private const string Body = """{"type":"message.delivered"}""";

    [Theory]
    [InlineData(0, Body, HttpStatusCode.OK)]
    [InlineData(0, """{"type":"message.failed"}""", HttpStatusCode.Unauthorized)]
    [InlineData(-301, Body, HttpStatusCode.Unauthorized)]
    public async Task It_takes_what_we_signed_and_nothing_else(int seconds, string body, HttpStatusCode expected)
    {
        var secret = WebhookSecrets.Create();
        await using var receiver = WebhookReceiver.Make(WebhookSecrets.Reveal(secret));
        await receiver.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(receiver.Urls.First()) };
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;
        using var call = new HttpRequestMessage(HttpMethod.Post, "hooks") { Content = new StringContent(body) };
        call.Headers.Add("webhook-id", "evt_1");
        call.Headers.Add("webhook-timestamp", $"{time}");
        call.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of([secret], "evt_1", time, Encoding.UTF8.GetBytes(Body)));

        using var answer = await http.SendAsync(call);

        Assert.Equal(expected, answer.StatusCode);
    }
}
