using Dapper;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Operations;

public sealed class OperationsTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    [Bar("S40")]
    public async Task A_pause_is_shown_with_who_and_why_and_both_are_in_the_audit_log_for_good()
    {
        await server.Client.JsonAsync("POST /v1/ops/queues/web_push:pause", """{"reason":"vendor outage","until":null}""");

        var queues = await server.Client.JsonAsync("GET /v1/ops/queues");
        Assert.All(queues.GetProperty("data").EnumerateArray(), lane =>
            Assert.Equal(lane.GetProperty("channel").GetString() == "web_push", lane.GetProperty("paused").GetBoolean()));
        var held = queues.GetProperty("held").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "web_push");
        Assert.Equal(("vendor outage", "client:test"), (held.GetProperty("reason").GetString(), held.GetProperty("changed_by").GetString()));

        await server.Client.JsonAsync("POST /v1/ops/queues/web_push:resume", """{"reason":"it is back"}""");
        var audit = (await server.Client.JsonAsync("GET /v1/audit-log?target=channel:web_push")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["channel.resume", "channel.pause"], audit.Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal("vendor outage", audit[0].GetProperty("before").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_draining_channel_takes_nothing_in_and_of_a_notification_everything_or_nothing()
    {
        const string both = """{"to":[{"email":"ann@example.org","phone":"+15550123"}],"channels":["sms","email"],"content":{"subject":"a","text":"b"}}""";
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:drain", """{"reason":"moving house"}""");

        using var refused = await server.Client.SendAsync("POST /v1/notifications", both);
        await ProblemAssert.IsAsync(refused, 503, "queue_full");
        Assert.NotNull(refused.Headers.RetryAfter);
        using var taken = await server.Client.SendAsync("POST /v1/notifications", both.Replace("\"sms\",", "", StringComparison.Ordinal));
        Assert.Equal(202, (int)taken.StatusCode);

        await server.Client.JsonAsync("POST /v1/ops/queues/sms:resume", "{}");
        using var later = await server.Client.SendAsync("POST /v1/notifications", both);
        Assert.Equal(202, (int)later.StatusCode);
    }

    [Theory]
    [InlineData("POST /v1/ops/queues/pigeon:pause", """{"reason":"x"}""", 404, "not_found")]
    [InlineData("POST /v1/providers/nobody:pause", """{"reason":"x"}""", 404, "not_found")]
    [InlineData("POST /v1/ops/queues/sms:pause", """{"reason":" "}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:requeue", """{"filter":{}}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:requeue", """{"filter":{"channel":"pigeon"},"reason":"x"}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:requeue", """{"filter":{},"reason":"x","provider":"vonage"}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:requeue", """{"filter":{"campaign_id":"cmp_1"},"reason":"x"}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:requeue", """{"filter":{},"reason":"x","max":0}""", 422, "validation_failed")]
    [InlineData("POST /v1/ops/messages:discard", """{"filter":{},"reason":"x","rate_per_second":0}""", 422, "validation_failed")]
    [InlineData("GET /v1/operations/op_00000000000070008000000000000000", null, 404, "not_found")]
    [InlineData("POST /v1/messages/msg_00000000000070008000000000000000:requeue", """{"reason":"x"}""", 404, "not_found")]
    [InlineData("GET /v1/audit-log?actor=%00", null, 400, "invalid_parameter")]
    [InlineData("GET /v1/ops/failures?state=x", null, 400, "invalid_parameter")]
    public Task What_makes_no_sense_is_refused(string call, string? body, int status, string code) => server.Client.RefusesAsync(call, body, status, code);

    [Fact]
    public async Task A_failed_message_is_seen_counted_requeued_and_its_story_kept()
    {
        var message = await GivenFailedAsync("21610 for message 4711");

        var group = (await server.Client.JsonAsync("GET /v1/ops/failures?channel=sms")).GetProperty("data").EnumerateArray()
            .Single(one => one.GetProperty("sample_message_id").GetString() == message);
        Assert.Equal(1, group.GetProperty("count").GetInt32());
        var filter = $$"""{"fingerprint":"{{group.GetProperty("fingerprint").GetString()}}"}""";
        var dry = await server.Client.JsonAsync("POST /v1/ops/messages:requeue", $$"""{"filter":{{filter}},"dry_run":true}""");
        Assert.Equal(1, dry.GetProperty("matched").GetInt32());

        await server.Client.JsonAsync("POST /v1/ops/queues/sms:pause", """{"reason":"so that it stays put"}""");
        var started = await server.Client.JsonAsync("POST /v1/ops/messages:requeue", $$"""{"filter":{{filter}},"reason":"repaired"}""");
        var operation = $"GET /v1/operations/{started.GetProperty("operation_id").GetString()}";
        await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync(operation)).GetProperty("status").GetString() == "completed");

        Assert.Equal(1, (await server.Client.JsonAsync(operation)).GetProperty("done").GetInt32());
        Assert.Equal("queued", (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString());
        await server.Client.RefusesAsync($"POST /v1/messages/{message}:requeue", """{"reason":"again"}""", 409, "wrong_state");
        await server.Client.RefusesAsync(operation.Replace("GET", "POST", StringComparison.Ordinal) + ":cancel", null, 409, "wrong_state");
        Assert.Contains((await server.Client.JsonAsync("GET /v1/audit-log?action=messages.requeue")).GetProperty("data").EnumerateArray(),
            entry => entry.GetProperty("reason").GetString() == "repaired");
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:resume", "{}");
    }

    [Fact]
    public async Task What_was_requeued_by_mistake_is_taken_back_once()
    {
        var message = await GivenFailedAsync("refused for 4712");
        var started = await server.Client.JsonAsync("POST /v1/ops/messages:requeue", $$"""{"filter":{"ids":["{{message}}"]},"reason":"repaired"}""");
        var operation = started.GetProperty("operation_id").GetString();
        await CompletedAsync(operation);
        await server.Client.RefusesAsync($"POST /v1/operations/{operation}:undo", """{"reason":""}""", 422, "validation_failed");

        var undo = await server.Client.JsonAsync($"POST /v1/operations/{operation}:undo", """{"reason":"it is not"}""");

        Assert.Equal(1, undo.GetProperty("matched").GetInt32());
        var done = await CompletedAsync(undo.GetProperty("operation_id").GetString());
        Assert.Equal(("undo", 1, operation), (done.GetProperty("type").GetString(), done.GetProperty("done").GetInt32(), done.GetProperty("undoes").GetString()));
        Assert.Equal("failed", (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString());
        Assert.Equal(done.GetProperty("id").GetString(), (await server.Client.JsonAsync($"GET /v1/operations/{operation}")).GetProperty("undone_by").GetString());
        await server.Client.RefusesAsync($"POST /v1/operations/{operation}:undo", """{"reason":"again"}""", 409, "wrong_state");
        await server.Client.RefusesAsync($"POST /v1/operations/{done.GetProperty("id").GetString()}:undo", """{"reason":"again"}""", 409, "wrong_state");
        await server.Client.RefusesAsync($"POST /v1/operations/op_{Guid.CreateVersion7():N}:undo", """{"reason":"nothing"}""", 404, "not_found");
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:resume", "{}");
    }

    [Fact]
    public async Task Failures_are_found_by_whom_they_were_for()
    {
        var message = await GivenFailedAsync("refused for its recipient", "+15550199");

        foreach (var (filter, matched) in new[]
        {
            ("""{"recipient":"+15550199"}""", 1), ("""{"recipient":"nobody@example.org"}""", 0), ("""{"text":"FOR ITS recipient"}""", 1), ("""{"text":"something else"}""", 0),
            ($$"""{"ids":["{{message}}"],"recipient":"+15550199"}""", 1),
        })
        {
            var dry = await server.Client.JsonAsync("POST /v1/ops/messages:discard", $$"""{"filter":{{filter}},"dry_run":true}""");
            Assert.True(matched == dry.GetProperty("matched").GetInt32(), filter);
        }
        await server.Client.RefusesAsync("POST /v1/ops/messages:discard", """{"filter":{"ids":["ntf_1"]},"dry_run":true}""", 422, "validation_failed");
        var started = await server.Client.JsonAsync("POST /v1/ops/messages:discard", """{"filter":{"recipient":"+15550199"},"reason":"dead"}""");
        Assert.Equal(1, (await CompletedAsync(started.GetProperty("operation_id").GetString())).GetProperty("done").GetInt32());
        // What the address stood for is kept, not the address.
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        Assert.False(await connection.ExecuteScalarAsync<bool>("""
            select exists (select from operations where filter::text like '%15550199%') or exists (select from audit_log where after::text like '%15550199%')
            """));
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:resume", "{}");
    }

    [Fact]
    public async Task Failures_and_messages_are_asked_for_by_campaign()
    {
        var (message, stray) = (await GivenFailedAsync("refused of a campaign"), await GivenFailedAsync("refused of nobody's campaign"));
        var campaign = await server.Database.Source.GivenCampaignAsync("Autumn");
        await server.Database.Source.BelongAsync(campaign, message);

        var dry = await server.Client.JsonAsync("POST /v1/ops/messages:requeue", $$"""{"filter":{"campaign_id":"{{campaign.Id}}"},"dry_run":true}""");
        var unknown = await server.Client.JsonAsync("POST /v1/ops/messages:requeue", $$"""{"filter":{"campaign_id":"cmp_{{Guid.CreateVersion7():N}}"},"dry_run":true}""");
        Assert.Equal((1, 0), (dry.GetProperty("matched").GetInt32(), unknown.GetProperty("matched").GetInt32()));
        var list = (await server.Client.JsonAsync($"GET /v1/messages?campaign_id={campaign.Id}")).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString());
        Assert.Equal([message], list);
        Assert.Empty((await server.Client.JsonAsync($"GET /v1/messages?campaign_id=cmp_{Guid.CreateVersion7():N}")).GetProperty("data").EnumerateArray());
        await server.Client.RefusesAsync("GET /v1/messages?campaign_id=autumn", null, 404, "not_found");
        Assert.Equal(campaign.Id, (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("campaign_id").GetString());

        var started = await server.Client.JsonAsync("POST /v1/ops/messages:discard", $$"""{"filter":{"campaign_id":"{{campaign.Id}}"},"reason":"over"}""");
        Assert.Equal(1, (await CompletedAsync(started.GetProperty("operation_id").GetString())).GetProperty("done").GetInt32());
        Assert.Equal((0, 1), (await LettersOfAsync(message), await LettersOfAsync(stray)));
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:resume", "{}");
    }

    private Task<int> LettersOfAsync(string message) => server.Database.Source.CountAsync(
        "select count(*) from dead_letters where message_id = @id", new { id = Guid.ParseExact(message["msg_".Length..], "N") });

    private async Task<System.Text.Json.JsonElement> CompletedAsync(string? operation)
    {
        await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync($"GET /v1/operations/{operation}")).GetProperty("status").GetString() == "completed");
        return await server.Client.JsonAsync($"GET /v1/operations/{operation}");
    }

    [Fact]
    public async Task The_balance_says_what_was_accepted_and_where_it_is()
    {
        var balance = await server.Client.JsonAsync("GET /v1/ops/balance");

        Assert.Equal(0, balance.GetProperty("difference").GetInt64());
        Assert.Equal(balance.GetProperty("accepted").GetInt64(), balance.GetProperty("states").EnumerateObject().Sum(state => state.Value.GetInt64()));
    }

    [Fact]
    public async Task A_lease_whose_node_fell_silent_is_listed_as_stuck()
    {
        await server.Client.JsonAsync("POST /v1/ops/queues/ios_push:pause", """{"reason":"test"}""");
        var id = Guid.CreateVersion7();
        await ExecuteAsync("""
            insert into jobs (channel, id, kind, lane, state, run_at, attempt, leased_by, leased_at, lease_until)
            values ('ios_push', @id, 99, 0, 1, now(), 3, 'lost-node', now(), now() + interval '1 second')
            """, new { id });

        await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync("GET /v1/ops/leases?stuck=true")).GetProperty("data")
            .EnumerateArray().Any(lease => lease.GetProperty("node").GetString() == "lost-node"));
        await ExecuteAsync("delete from jobs where id = @id", new { id });
    }

    private async Task<string> GivenFailedAsync(string detail, string phone = "+15550188")
    {
        await server.Client.JsonAsync("POST /v1/ops/queues/sms:pause", """{"reason":"test"}""");
        var accepted = await server.Client.JsonAsync("POST /v1/notifications",
            $$$"""{"to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"content":{"text":"b"}}""");
        var message = accepted.GetProperty("messages")[0].GetProperty("id").GetString()!; // the contract
        var id = Guid.ParseExact(message[4..], "N");
        var node = new NodeIdentity();
        var claims = new JobClaims(server.Database.Source, node, Microsoft.Extensions.Options.Options.Create(new QueueOptions()), guard: null);
        var job = (await claims.ClaimAsync("sms", new LaneLimits(100, 100, 100, 100, 0), CancellationToken.None)).Single(one => one.Id == id);
        await new JobResults(server.Database.Source, node).WriteAsync(
            [new JobResult { Job = job, End = MessageStatus.Failed, Reason = detail }], CancellationToken.None);
        return message;
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
