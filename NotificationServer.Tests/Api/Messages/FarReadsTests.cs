using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Messages;

/// A list that finds little looks at much: only so much for a page, and only so many of a key at once.
[Bar("S11")]
public sealed class FarReadsTests : IAsyncLifetime
{
    private const int ReadsAtOnce = 2;
    private const int MayWait = 4 * ReadsAtOnce;
    private const string Ours = "{\"to\":[{\"email\":\"ours@example.org\"}],\"channels\":[\"email\"],\"content\":{\"subject\":\"a\",\"text\":\"b\"}}";

    private readonly ServerHost server = new(Environments.Development, new Dictionary<string, string?> { ["Api:LooksAt"] = "10", ["Api:ReadsAtOnce"] = "2", ["Database:LockTimeout"] = "00:00:20" });

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_client_with_few_messages_among_many_finds_all_of_its_own_page_by_page()
    {
        var first = await SentAsync();
        await GivenOthersAsync(25);
        var last = await SentAsync();

        var (found, pages) = await WalkAsync("/v1/messages?from=2001-01-01T00:00:00Z");
        var (nothing, pagesOfNothing) = await WalkAsync("/v1/messages?from=2001-01-01T00:00:00Z&error_code=nothing");

        Assert.Equal([last, first], found);
        Assert.Empty(nothing);
        Assert.Equal((3, 3), (pages, pagesOfNothing));
        // Of a notification there are few, and they have an index.
        var owner = (await server.Client.JsonAsync($"GET /v1/messages/{first}")).GetProperty("notification_id").GetString();
        Assert.Equal(1, (await WalkAsync($"/v1/messages?notification_id={owner}")).Pages);
    }

    [Fact]
    public async Task The_runs_of_a_campaign_are_looked_through_a_part_of_each_at_a_time_and_each_message_is_told_once_in_order()
    {
        var (early, late) = (await server.Database.Source.GivenCampaignAsync("Spring"), default(GivenCampaigns.Made));
        late = await server.Database.Source.AgainAsync(early);
        var all = new List<string>();
        for (var i = 0; i < 24; i++) all.Add(await SentAsync());
        await server.Database.Source.BelongAsync(early, [.. all.Where((_, i) => i % 3 > 0)]);
        await server.Database.Source.BelongAsync(late, [.. all.Where((_, i) => i % 3 == 0)]);

        var (found, pages) = await WalkAsync($"/v1/messages?campaign_id={early.Id}&limit=4&from=2001-01-01T00:00:00Z");
        var (ended, _) = await WalkAsync($"/v1/messages?campaign_id={early.Id}&limit=4&from=2001-01-01T00:00:00Z&status=bounced");

        Assert.Equal(all.AsEnumerable().Reverse(), found);
        Assert.Empty(ended);
        Assert.InRange(pages, 5, 10);
    }

    [Fact]
    public async Task A_state_that_only_the_job_knows_is_found_too()
    {
        var at = TimeProvider.System.GetUtcNow().AddDays(1);
        var later = (await server.Client.JsonAsync("POST /v1/notifications", JsonSerializer.Serialize(new
        {
            to = new[] { new { email = "later@example.org" } }, channels = new[] { "email" }, content = new { subject = "a", text = "b" }, send_at = at,
        }))).GetProperty("messages")[0].GetProperty("id").GetString();

        var one = Assert.Single((await server.Client.JsonAsync("GET /v1/messages?status=scheduled")).GetProperty("data").EnumerateArray());

        Assert.Equal((later, "scheduled"), (one.GetProperty("id").GetString(), one.GetProperty("delivery_status").GetString()));
        Assert.Equal(at.ToUnixTimeSeconds(), one.GetProperty("next_attempt_at").GetDateTimeOffset().ToUnixTimeSeconds());
        Assert.Empty((await server.Client.JsonAsync("GET /v1/messages?status=sending")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Lists_of_one_key_take_turns_and_what_is_too_many_is_told_to_come_again()
    {
        var other = server.ClientFor(await server.KeyAsync());
        var reads = new List<Task<HttpResponseMessage>>();
        await using (var connection = await server.Database.Source.OpenConnectionAsync())
        {
            // Until it is let go, every read of messages takes as long as the dearest would.
            await using var held = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("lock table messages in access exclusive mode", transaction: held);
            for (var i = 0; i < ReadsAtOnce + MayWait + 1; i++) reads.Add(server.Client.SendAsync("GET /v1/messages"));

            using var refused = await await Task.WhenAny(reads);

            await ProblemAssert.IsAsync(refused, 429, "rate_limited");
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            using var another = await other.SendAsync("GET /v1/stats");
            using var quick = await server.Client.SendAsync("GET /v1/categories");
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (another.StatusCode, quick.StatusCode));
        }

        var answers = await Task.WhenAll(reads);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(ReadsAtOnce + MayWait, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
    }

    private async Task<string> SentAsync() =>
        (await server.Client.JsonAsync("POST /v1/notifications", Ours)).GetProperty("messages")[0].GetProperty("id").GetString()!; // it was accepted

    private async Task GivenOthersAsync(int count)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into messages (id, notification_id, client_id, channel, lane, address, status, reason, created_at, updated_at)
            select (left(uuid_now()::text, 24) || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(), 'email', 1, 'theirs@example.org', 'failed', 'refused', now(), now()
            from generate_series(1, @count) n
            """, new { count });
    }

    /// As an honest caller does: until there is no next page, whatever is on this one.
    private async Task<(List<string> Ids, int Pages)> WalkAsync(string path)
    {
        var (ids, pages) = (new List<string>(), 0);
        string? next = "";
        while (next is not null)
        {
            var page = await server.Client.JsonAsync($"GET {path}{next}");
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)); // each has one
            next = page.GetProperty("next_cursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
            pages++;
        }
        return (ids, pages);
    }
}
