using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Clients;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Auth;

/// What one key may ask, over all nodes.
[Bar("S11", "S12")]
public sealed class KeyLimitTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "GET /v1/categories";

    [Fact]
    public async Task A_key_over_its_limit_is_told_to_wait_and_others_are_not()
    {
        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        var key = await LimitedKeyAsync(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.ClientFor(key).SendAsync(Call)));
        using var other = await server.Client.SendAsync(Call);

        var (first, second) = (answers.First(one => one.IsSuccessStatusCode), answers.First(one => !one.IsSuccessStatusCode));
        Assert.InRange(answers.Count(one => one.IsSuccessStatusCode), 1, 4); // another for each second that they took
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await ProblemAssert.IsAsync(second, 429, "rate_limited");
        Assert.Equal(("1", "0", "1"), (Header(first, "RateLimit-Limit"), Header(second, "RateLimit-Remaining"), Header(second, "RateLimit-Reset")));
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        Assert.Equal("100000", Header(other, "RateLimit-Limit"));
    }

    [Fact]
    public async Task No_second_lets_more_through_than_the_limit_and_its_burst()
    {
        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        var client = server.ClientFor(await LimitedKeyAsync(50));
        await client.SendAsync("GET /v1/categories/none");
        var (passed, refused) = (new List<TimeSpan>(), 0);
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(2.5))
        {
            var sent = since.Elapsed;
            if ((await client.SendAsync(Call)).IsSuccessStatusCode) passed.Add(sent);
            else refused++;
        }

        // A fixed window would let 100 through around its edge.
        Assert.All(passed, from => Assert.InRange(passed.Count(at => at >= from && at < from + TimeSpan.FromSeconds(1)), 1, 62));
        Assert.InRange(passed.Count, 1, 140);
        Assert.NotEqual(0, refused);
    }

    [Fact]
    public async Task A_batch_costs_its_items_and_is_paid_for_before_the_next_one()
    {
        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        var client = server.ClientFor(await LimitedKeyAsync(10));
        var items = string.Join(',', Enumerable.Repeat("""{"to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"}}""", 50));

        using var first = await client.SendAsync("POST /v1/notifications:batch", $$"""{"items":[{{items}}]}""");
        using var second = await client.SendAsync("POST /v1/notifications:batch", $$"""{"items":[{{items}}]}""");

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        await ProblemAssert.IsAsync(second, 429, "rate_limited");
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6); // 429 always says when
    }

    [Fact]
    public async Task Two_nodes_share_the_limit_of_a_key()
    {
        await using var second = await ServerHost.StartAsync(Environments.Development, null, server.Database);
        foreach (var node in new[] { server, second })
        {
            var registry = node.Services.GetRequiredService<NodeRegistry>();
            await registry.BeatAsync(CancellationToken.None);
        }
        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        var key = await LimitedKeyAsync(1000);

        using var answer = await server.ClientFor(key).SendAsync(Call);

        // A fifth of a second of half the limit, less this one.
        Assert.Equal("1000", Header(answer, "RateLimit-Limit"));
        Assert.InRange(int.Parse(Header(answer, "RateLimit-Remaining"), CultureInfo.InvariantCulture), 98, 99);
    }

    private async Task<string> LimitedKeyAsync(int limit)
    {
        var key = await server.KeyAsync();
        await server.Services.GetRequiredService<ApiKeyStore>().ChangeAsync(key.Split('_')[2], new KeyChange("test", limit, []), "test", CancellationToken.None);
        return key;
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
