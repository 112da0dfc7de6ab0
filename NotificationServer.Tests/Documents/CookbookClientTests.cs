using System.Net;
using System.Net.Http.Headers;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Documents;

/// The client that docs/cookbook.md gives away.
public sealed class CookbookClientTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task It_sends_and_sends_the_same_event_only_once()
    {
        var (url, key, ct) = (server.Address.ToString(), await server.KeyAsync(), CancellationToken.None);

        using var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var client = new NotificationClient(http);

        var shipped = new Notification("order-1234:shipped", [new Recipient(Email: "ann@example.org")], ["email"],
            Content: new Words(Subject: "Your order is on its way", Text: "It left today."));
        var first = await client.SendAsync(shipped, ct);
        var again = await client.SendAsync(shipped, ct);
        // first.Id == again.Id, and again.Deduplicated is true

        Assert.Equal(first.Id, again.Id);
        Assert.False(first.Deduplicated);
        Assert.True(again.Deduplicated);
    }

    [Fact]
    public async Task It_tells_what_is_wrong_with_a_request_instead_of_repeating_it()
    {
        var client = new NotificationClient(server.ClientFor(await server.KeyAsync()));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new Notification("order-1:none", [new Recipient(Email: "nobody")], ["email"], Content: new Words("S", "T")), CancellationToken.None));

        Assert.Contains("validation_failed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_comes_back_when_it_is_asked_to_and_after_a_lost_answer()
    {
        using var http = new HttpClient(new Moody(new HttpClientHandler())) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.KeyAsync());

        var accepted = await new NotificationClient(http).SendAsync(
            new Notification("order-2:shipped", [new Recipient(Email: "ben@example.org")], ["email"], Content: new Words("S", "T")), CancellationToken.None);

        // The request whose answer was lost had arrived.
        Assert.True(accepted.Deduplicated);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout, 2)]
    [InlineData(HttpStatusCode.TooManyRequests, 2)]
    [InlineData(HttpStatusCode.Conflict, 1)]
    [InlineData(HttpStatusCode.PreconditionFailed, 1)]
    public async Task It_repeats_what_can_still_succeed_and_not_what_does_not_fit(HttpStatusCode refusal, int calls)
    {
        var refusing = new RefusingOnce(new HttpClientHandler(), refusal);
        using var http = new HttpClient(refusing) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.KeyAsync());

        var failure = await Record.ExceptionAsync(() => new NotificationClient(http).SendAsync(
            new Notification($"order-3:{(int)refusal}", [new Recipient(Email: "cem@example.org")], ["email"], Content: new Words("S", "T")), CancellationToken.None));

        Assert.Equal(calls, refusing.Calls);
        Assert.Equal(calls == 1, failure is InvalidOperationException);
    }

    private sealed class RefusingOnce(HttpMessageHandler inner, HttpStatusCode refusal) : DelegatingHandler(inner)
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => ++Calls > 1 ? base.SendAsync(request, ct)
            : Task.FromResult(new HttpResponseMessage(refusal) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero) } });
    }

    /// 503 once; then the request arrives, and its answer does not.
    private sealed class Moody(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private int calls;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            calls++;
            if (calls == 1) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero) } };
            var answer = await base.SendAsync(request, ct);
            return calls == 2 ? throw new HttpRequestException("The answer is lost") : answer;
        }
    }
}
