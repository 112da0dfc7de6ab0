using Dapper;
using NotificationServer.Admin.Pages.Messages;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Messages;

/// What people search by has an index, and the search goes by it: with some thousands of messages a plan that reads all of them is
/// already the dearer one.
public sealed class PlanTests(Database db) : IClassFixture<Database>, IAsyncLifetime
{
    private static readonly Guid Nothing = Guid.Empty;

    /// Of the day that holds them all; the other days are empty, and reading nothing is quick.
    private static string FullScan => $"Seq Scan on messages_{TimeProvider.System.GetUtcNow():yyyyMMdd}";

    public async Task InitializeAsync()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from messages)")) return;
        await connection.ExecuteAsync("""
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, status, reason, created_at, updated_at, template)
            select id, id, gen_random_uuid(), case when n % 20 > 0 then 'u_' || n % 5000 end, (array['sms', 'email'])[1 + n % 2], n % 3, 'a' || n || '@example.org',
                case when n % 2 = 0 then 'failed' else 'queued' end, 'refused', now(), now(), 't' || n % 50
            from (select n, (left(uuid_now()::text, 24) || lpad(to_hex(n), 12, '0'))::uuid as id from generate_series(1, 20000) n) as made;
            insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, fingerprint, reason, attempts, failed_at)
            select id, notification_id, client_id, channel, lane, 'postbird', template, lpad((('x' || right(id::text, 4))::bit(16)::integer % 40)::text, 24, '0'), 'refused', 1,
                now() - (('x' || right(id::text, 4))::bit(16)::integer || ' seconds')::interval
            from messages where status = 'failed';
            insert into failure_groups (fingerprint, channel, summary, sample_message_id) select fingerprint, min(channel), 'refused', min(message_id::text)::uuid from dead_letters group by 1;
            insert into jobs (channel, id, lane, run_at) select channel, id, lane, now() + interval '1 day' from messages where status = 'queued';
            analyze messages; analyze dead_letters; analyze jobs; analyze failure_groups
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("user", "user_id_id_idx")]
    [InlineData("address", "lower_id_idx")]
    [InlineData("notification", "notification_id_idx")]
    [InlineData("ids", "pkey")]
    public async Task A_search_for_somebody_or_something_goes_by_its_own_index(string by, string index)
    {
        var plan = await ExplainAsync(MessageStatements.Sql.OfFound, new
        {
            users = by == "user" ? new[] { "u_7" } : null, address = by == "address" ? "a40@example.org" : null, notifications = by == "notification" ? new[] { Nothing } : null,
            ids = by == "ids" ? new[] { Nothing } : null, first = Nothing, last = Guid.AllBitsSet, from = Nothing, below = Guid.AllBitsSet,
            channels = (string[]?)null, lane = (short?)null, wanted = (string?)null, provider = (string?)null, template = (string?)null, runs = (Guid[]?)null, limit = 51,
        });

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain(FullScan, plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("scheduled")]
    public async Task What_waits_is_a_walk_along_the_index_of_its_lane(string wanted)
    {
        var plan = await ExplainAsync(LiveStatements.Sql.Waiting, new
        {
            queues = new[] { "sms", "email" }, lanes = new short[] { 0, 1, 2 }, wanted, position = (long?)null, after = (Guid?)null, provider = (string?)null, template = (string?)null,
            runs = (Guid[]?)null, looksAt = 100_000, limit = 51,
        }, inFewRows: true);

        Assert.Contains("lane_run_at_id_idx", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on jobs_email", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on jobs_sms", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_are_read_from_the_end_of_the_log_and_no_further_than_asked()
    {
        var plan = await ExplainAsync(MessageStatements.Sql.Newest, new
        {
            from = Nothing, below = Guid.AllBitsSet, looksAt = 1000, limit = 51, providerMessageId = (string?)null, channels = (string[]?)null, lane = (short?)null,
            wanted = "bounced", provider = (string?)null, template = (string?)null,
        });

        Assert.Contains("Scan Backward using messages_", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_messages_of_a_campaign_are_read_from_the_end_of_each_run()
    {
        var runs = new[] { Nothing };
        var plan = await ExplainAsync(CampaignStatements.Sql.OfRuns, new
        {
            runs, from = Nothing, below = Guid.AllBitsSet, looksAt = 1000, limit = 51, providerMessageId = (string?)null, channels = (string[]?)null, lane = (short?)null,
            wanted = "bounced", provider = (string?)null, template = (string?)null,
        }, inFewRows: true);
        var end = await ExplainAsync(CampaignStatements.Sql.LookedUntil, new { runs, from = Nothing, below = Guid.AllBitsSet, skip = 999 }, inFewRows: true);

        Assert.All([plan, end], one => Assert.Contains("campaign_run_id_id_idx", one, StringComparison.Ordinal));
        Assert.All([plan, end], one => Assert.DoesNotContain(FullScan, one, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whose_campaign_a_failure_is_of_is_looked_up_by_its_message()
    {
        var plan = await ExplainAsync(NotificationServer.Queue.Operations.Sql.Matching, new { filter = """{"campaign":"00000000-0000-7000-8000-000000000000"}""", most = 1000 });

        Assert.Contains("dead_letters", plan, StringComparison.Ordinal);
        Assert.Contains($"messages_{TimeProvider.System.GetUtcNow():yyyyMMdd}_pkey", plan, StringComparison.Ordinal);
        Assert.DoesNotContain(FullScan, plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"recipient":"u_7"}""", "dead_letters_pkey", "user_id_id_idx")]
    [InlineData("""{"recipient":"a40@example.org"}""", "dead_letters_pkey", "lower_id_idx")]
    [InlineData("""{"text":"nothing like it"}""", "dead_letters", "failure_groups")]
    [InlineData("""{"fingerprint":"000000000000000000000007"}""", "dead_letters_by_fingerprint", "dead_letters_by_fingerprint")]
    public async Task A_filter_asks_only_for_what_it_names(string filter, string first, string second)
    {
        var plan = await ExplainAsync(NotificationServer.Queue.Operations.Sql.Matching, new { filter, most = 1000 });

        Assert.Contains(first, plan, StringComparison.Ordinal);
        Assert.Contains(second, plan, StringComparison.Ordinal);
        // Inlined, and what it does not ask for is gone.
        Assert.DoesNotContain("Function Scan on matching_dead_letters", plan, StringComparison.Ordinal);
        Assert.DoesNotContain(FullScan, plan, StringComparison.Ordinal);
        if (!filter.Contains("recipient", StringComparison.Ordinal)) Assert.DoesNotContain("messages", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_letters_of_a_group_are_read_from_its_newest_on()
    {
        var plan = await ExplainAsync(NotificationServer.Admin.Pages.Failures.GroupModel.Sql.Letters, new
        {
            fingerprint = "000000000000000000000007", Template = (string?)null, From = (DateTimeOffset?)null, To = (DateTimeOffset?)null, ids = (Guid[]?)null,
            runs = (Guid[]?)null, position = (long?)null, after = (Guid?)null, limit = 51,
        });

        Assert.Contains("Index Scan Backward using dead_letters_by_fingerprint", plan, StringComparison.Ordinal);
    }

    // In a few rows reading all of them costs least; what counts is that the index could be walked.
    private async Task<string> ExplainAsync(string sql, object parameters, bool inFewRows = false)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        if (inFewRows) await connection.ExecuteAsync("set enable_seqscan = off");
        return string.Join('\n', await connection.QueryAsync<string>("explain " + sql, parameters));
    }
}
