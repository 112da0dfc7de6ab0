using System.Net;
using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Api.Templates;
using NotificationServer.Tests.Campaigns;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Campaigns;

public sealed class CampaignsTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private const string Later = """{"kind":"at","at":"2099-10-01T09:00:00Z"}""";

    private readonly ServerHost server = quiet.Server;

    [Fact]
    [Bar("S40")]
    public async Task From_a_draft_to_its_time_with_a_second_person_in_between()
    {
        var (author, colleague) = (await ClientAsync(), await ClientAsync());
        var made = await author.JsonAsync("POST /v1/campaigns", $$"""{"name":"Autumn","template":"news","schedule":{{Later}},"throttle_per_minute":600}""");
        var path = $"/v1/campaigns/{Text(made, "id")}";
        Assert.Equal(("draft", JsonValueKind.Null), (Text(made, "status"), made.GetProperty("template_version").ValueKind));
        Assert.Equal("2099-10-01T09:00:00Z", made.GetProperty("next_runs")[0].GetString());

        var submitted = await author.JsonAsync($"POST {path}:submit");
        Assert.Equal(("pending_approval", 1), (Text(submitted, "status"), submitted.GetProperty("template_version").GetInt32()));
        await author.RefusesAsync($"POST {path}:approve", null, 403, "second_person_required");
        await author.RefusesAsync($"POST {path}:launch", null, 409, "wrong_state");

        var rejected = await colleague.JsonAsync($"POST {path}:reject", """{"note":"Too fast"}""");
        Assert.Equal(("draft", "Too fast"), (Text(rejected, "status"), Text(rejected, "note")));
        await author.JsonAsync($"PATCH {path}", """{"throttle_per_minute":60}""");
        await author.JsonAsync($"POST {path}:submit");
        var approved = await colleague.JsonAsync($"POST {path}:approve");
        Assert.Equal(("approved", JsonValueKind.Null), (Text(approved, "status"), approved.GetProperty("note").ValueKind));
        Assert.NotEqual(Text(approved, "created_by"), Text(approved, "approved_by"));

        var launched = await author.JsonAsync($"POST {path}:launch");
        Assert.Equal(("scheduled", "2099-10-01T09:00:00Z"), (Text(launched, "status"), Text(launched, "next_run_at")));
        var audit = await server.Client.JsonAsync($"GET /v1/audit-log?target=campaign:{Text(made, "id")![4..]}");
        Assert.Equal(
            ["campaign.launch", "campaign.approve", "campaign.submit", "campaign.update", "campaign.reject", "campaign.submit", "campaign.create"],
            audit.GetProperty("data").EnumerateArray().Select(one => Text(one, "action")));
        Assert.Equal(("600", "60"), (Text(audit.GetProperty("data")[3].GetProperty("before"), "throttle_per_minute"), Text(audit.GetProperty("data")[3].GetProperty("after"), "throttle_per_minute")));
    }

    [Fact]
    [Bar("S40")]
    public async Task An_edit_after_the_approval_makes_it_a_draft_and_shows_what_is_different_and_its_editor_cannot_approve_it()
    {
        var (author, colleague, third) = (await ClientAsync(), await ClientAsync(), await ClientAsync());
        var path = await GivenScheduledAsync(author, colleague);
        Assert.Empty((await author.JsonAsync($"GET {path}:diff")).GetProperty("changes").EnumerateArray());

        Assert.Equal("scheduled", Text(await colleague.JsonAsync($"PATCH {path}", """{"name":"Autumn"}"""), "status"));
        var edited = await colleague.JsonAsync($"PATCH {path}", """{"send_window":{"from":"09:00","to":"18:00"}}""");
        Assert.Equal(("draft", JsonValueKind.Null), (Text(edited, "status"), edited.GetProperty("next_run_at").ValueKind));
        var change = Assert.Single((await author.JsonAsync($"GET {path}:diff")).GetProperty("changes").EnumerateArray());
        Assert.Equal(("send_window", "every day 09:00 to 18:00"), (Text(change, "field"), Text(change, "after")));

        await author.JsonAsync($"POST {path}:submit");
        await colleague.RefusesAsync($"POST {path}:approve", null, 403, "second_person_required");
        await author.RefusesAsync($"POST {path}:approve", null, 403, "second_person_required");
        Assert.Equal("approved", Text(await third.JsonAsync($"POST {path}:approve"), "status"));
    }

    [Fact]
    public async Task What_is_missing_unknown_or_does_not_fit_is_told_all_at_once()
    {
        var client = await ClientAsync();
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"code","name":"Code","category":"codes","channels":{"sms":{"body":"{{code}}"}}}""");
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"offer","name":"Offer","category":"offers","channels":{"sms":{"body":"Hello"}}}""");
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"loose","name":"Loose","channels":{"sms":{"body":"Hello"}}}""");
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"unpublished","name":"Later","category":"news","channels":{"sms":{"body":"Hello"}},"publish":false}""");

        async Task<string> ErrorsAsync(string body)
        {
            var made = await client.JsonAsync("POST /v1/campaigns", body);
            using var response = await client.SendAsync($"POST /v1/campaigns/{Text(made, "id")}:submit");
            var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");
            return string.Join(", ", problem.GetProperty("errors").EnumerateArray().Select(error => $"{Text(error, "pointer")} {Text(error, "code")}"));
        }

        Assert.Equal("/schedule/at required, /template required", await ErrorsAsync("""{"name":"a","schedule":{"kind":"at"}}"""));
        Assert.Equal("/template unknown_template", await ErrorsAsync("""{"name":"a","template":"unpublished"}"""));
        Assert.Equal("/template unknown_template", await ErrorsAsync("""{"name":"a","template":"news","template_version":9}"""));
        Assert.Equal("/template content_missing", await ErrorsAsync("""{"name":"a","template":"news","channels":["email"]}"""));
        Assert.Equal("/template no_category", await ErrorsAsync("""{"name":"a","template":"loose"}"""));
        Assert.Equal("/template critical_category", await ErrorsAsync("""{"name":"a","template":"code","data":{"code":"1"}}"""));
        Assert.Equal("/data/code missing_variable", await ErrorsAsync("""{"name":"a","template":"code"}"""));
        Assert.Equal("/ab_test/variants too_few, /ab_test not_with_local, /ab_test/metric not_measured",
            await ErrorsAsync("""{"name":"a","template":"news","schedule":{"kind":"local","local_time":"2099-01-01T09:00"},"ab_test":{"variants":[{"name":"a"}]}}"""));
        Assert.Equal("/ab_test/variants different_categories",
            await ErrorsAsync("""{"name":"a","ab_test":{"variants":[{"name":"a","template":"news"},{"name":"b","template":"offer"}],"metric":"clicked"}}"""));
    }

    [Theory]
    [InlineData("""{"name":""}""", "/name invalid_name")]
    [InlineData("""{"name":"a","schedule":{"kind":"yearly"}}""", "/schedule/kind unknown_word")]
    [InlineData("""{"name":"a","schedule":{"kind":"local","local_time":"2026-12-01T09:00Z"}}""", "/schedule/local_time invalid_time")]
    [InlineData("""{"name":"a","schedule":{"kind":"local","time_zone":"Mars/Base"}}""", "/schedule/time_zone unknown_time_zone")]
    [InlineData("""{"name":"a","send_window":{"from":"9","to":"18:00","days":["monday",null]}}""", "/send_window/from invalid_time, /send_window/days/0 unknown_word, /send_window/days/1 unknown_word")]
    [InlineData("""{"name":"a","audience":{"segment_ids":["x",null]}}""", "/audience/segment_ids/0 invalid_id, /audience/segment_ids/1 invalid_id")]
    [InlineData("""{"name":"a","channels":[null],"expires_after_seconds":9223372036854775807,"throttle_per_minute":-1}""", "/channels/0 unknown_channel, /throttle_per_minute out_of_range, /expires_after_seconds out_of_range")]
    [InlineData("""{"name":"a","ab_test":{"variants":[null],"decide_after_seconds":-9223372036854775808}}""", "/ab_test/variants/0 required, /ab_test/decide_after_seconds out_of_range")]
    [InlineData("""{"name":"a","data":[1]}""", "/data not_an_object")]
    public async Task What_no_draft_may_say_is_refused_and_nothing_is_stored(string body, string errors)
    {
        var client = await ClientAsync();
        var before = await CountAsync();
        using var response = await client.SendAsync("POST /v1/campaigns", body);

        var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(errors, string.Join(", ", problem.GetProperty("errors").EnumerateArray().Select(error => $"{Text(error, "pointer")} {Text(error, "code")}")));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Whoever_changes_it_says_which_revision_they_saw()
    {
        var made = await server.PostAsync("/v1/campaigns", """{"name":"Mine","template":"news"}""");
        var path = $"/v1/campaigns/{made.Text("id")}";
        var first = await server.PatchAsync(path, """{"name":"Yours"}""", made.ETag);

        Assert.Equal((HttpStatusCode.Created, "\"1\""), (made.Status, made.ETag));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (first.Status, first.ETag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await server.PatchAsync(path, """{"name":"Theirs"}""", made.ETag)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await server.DeleteAsync(path, made.ETag)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.PatchAsync(path, """{"sandbox":true}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.DeleteAsync(path, first.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_clone_is_a_draft_of_whoever_made_it_and_lists_show_states_and_names()
    {
        var (author, colleague) = (await ClientAsync(), await ClientAsync());
        var path = await GivenScheduledAsync(author, colleague, "Winter tale");
        await author.JsonAsync($"POST {path}:cancel", """{"reason":"over"}""");
        var clone = await colleague.JsonAsync($"POST {path}:clone");

        Assert.Equal(("Winter tale (copy)", "draft", path["/v1/campaigns/".Length..]), (Text(clone, "name"), Text(clone, "status"), Text(clone, "cloned_from")));
        async Task<string> ListAsync(string query) => string.Join(", ", (await author.JsonAsync($"GET /v1/campaigns?{query}")).GetProperty("data").EnumerateArray().Select(one => Text(one, "name")));
        Assert.Equal("Winter tale (copy), Winter tale", await ListAsync("q=WINTER%20t"));
        Assert.Equal("Winter tale", await ListAsync("q=winter&status=cancelled,scheduled"));
        var page = await author.JsonAsync("GET /v1/campaigns?q=winter&limit=1");
        Assert.Equal("Winter tale", await ListAsync($"q=winter&limit=1&cursor={Text(page, "next_cursor")}"));
        await author.RefusesAsync("GET /v1/campaigns?status=done", null, 400, "invalid_parameter");
    }

    [Fact]
    public async Task A_test_key_knows_what_goes_to_the_sandbox_only()
    {
        var test = server.ClientFor(await server.KeyAsync(client: $"c-{Guid.CreateVersion7():N}", sandbox: true));
        var live = await (await ClientAsync()).JsonAsync("POST /v1/campaigns", """{"name":"Live"}""");
        var tried = await test.JsonAsync("POST /v1/campaigns", """{"name":"Tried"}""");

        Assert.True(tried.GetProperty("sandbox").GetBoolean());
        await test.RefusesAsync($"GET /v1/campaigns/{Text(live, "id")}", null, 404, "not_found");
        await test.RefusesAsync($"POST /v1/campaigns/{Text(live, "id")}:submit", null, 404, "not_found");
        Assert.All((await test.JsonAsync("GET /v1/campaigns")).GetProperty("data").EnumerateArray(), one => Assert.True(one.GetProperty("sandbox").GetBoolean()));
    }

    [Fact]
    public async Task Who_asked_is_told_of_what_happens_to_it()
    {
        var (author, colleague) = (await ClientAsync(), await ClientAsync());
        await author.JsonAsync("POST /v1/webhook-endpoints", """{"url":"https://hooks.example.com/","event_types":["campaign.pending_approval","campaign.started","campaign.paused","campaign.completed"]}""");
        var path = await GivenScheduledAsync(author, colleague, "Told");
        var id = path["/v1/campaigns/".Length..];
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var row = Guid.ParseExact(id[4..], "N");
        await connection.ExecuteAsync("""
            update campaigns set status = 'running' where id = @row;
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan) select @run, id, now(), client_id, sandbox, plan from campaigns where id = @row;
            """, new { row, run = Guid.CreateVersion7() });
        await author.JsonAsync($"POST {path}:pause", """{"reason":"wait"}""");
        await author.JsonAsync($"POST {path}:resume");
        // It comes again: a run that went through is told, one that expired is not.
        await connection.ExecuteAsync("""
            update campaigns set status = 'scheduled' where id = @row;
            update campaign_runs set phase = 'ended', outcome = 'completed', ended_at = now() where campaign_id = @row;
            """, new { row });
        await connection.ExecuteAsync("update campaign_runs set outcome = 'expired' where campaign_id = @row; update campaigns set status = 'running' where id = @row", new { row });
        await connection.ExecuteAsync("update campaigns set status = 'scheduled' where id = @row", new { row });

        var told = (await connection.QueryAsync<(string Type, string? Run, string Name)>(
            "select type, data ->> 'run_id', data ->> 'name' from webhook_deliveries where data ->> 'campaign_id' = @id order by at, event_id", new { id })).ToList();
        Assert.Equal(["campaign.pending_approval", "campaign.started", "campaign.paused", "campaign.completed", "campaign.started"], told.Select(one => one.Type));
        Assert.All(told, one => Assert.Equal("Told", one.Name));
        Assert.Null(told[0].Run);
        Assert.All(told.Skip(1), one => Assert.StartsWith("run_", one.Run, StringComparison.Ordinal));
    }

    [Fact]
    [Bar("S40")]
    public async Task A_small_one_needs_nobody_else_where_the_option_says_so()
    {
        await using var lenient = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Roles"] = "api", ["Campaigns:ApprovalFrom"] = "2" }, server.Database);
        var client = lenient.ClientFor(await server.KeyAsync(client: $"c-{Guid.CreateVersion7():N}"));
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*)::integer from users"));
        async Task<string> GivenAsync() => $"/v1/campaigns/{Text(await client.JsonAsync("POST /v1/campaigns", $$"""{"name":"Small","template":"news","schedule":{{Later}}}"""), "id")}";
        var (small, grown) = (await GivenAsync(), await GivenAsync());

        Assert.Equal("approved", Text(await client.JsonAsync($"POST {small}:submit"), "status"));
        Assert.Equal("approved", Text(await client.JsonAsync($"POST {grown}:submit"), "status"));
        Assert.Equal("scheduled", Text(await client.JsonAsync($"POST {small}:launch"), "status"));
        try
        {
            await server.GivenUserAsync("one");
            await server.GivenUserAsync("two");
            // It was small when it was submitted, and is not any more.
            await client.RefusesAsync($"POST {grown}:launch", null, 403, "second_person_required");
            Assert.Equal("pending_approval", Text(await client.JsonAsync($"GET {grown}"), "status"));
            Assert.Equal("pending_approval", Text(await client.JsonAsync($"POST {await GivenAsync()}:submit"), "status"));
        }
        finally
        {
            await connection.ExecuteAsync("delete from users");
        }
    }

    private static async Task<string> GivenScheduledAsync(HttpClient author, HttpClient colleague, string name = "Autumn")
    {
        var made = await author.JsonAsync("POST /v1/campaigns", $$"""{"name":"{{name}}","template":"news","schedule":{{Later}}}""");
        var path = $"/v1/campaigns/{Text(made, "id")}";
        await author.JsonAsync($"POST {path}:submit");
        await colleague.JsonAsync($"POST {path}:approve");
        await author.JsonAsync($"POST {path}:launch");
        return path;
    }

    private async Task<long> CountAsync()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from campaigns");
    }

    /// Of a service of its own: two keys of one service are one person.
    private async Task<HttpClient> ClientAsync() => server.ClientFor(await server.KeyAsync(client: $"c-{Guid.CreateVersion7():N}"));

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
