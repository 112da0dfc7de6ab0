using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Segments;

public sealed class SegmentsTests : IAsyncLifetime
{
    private const string Germans = """{"all":[{"field":"country","op":"in","value":["DE"]}]}""";

    private readonly ServerHost server = new("Development", new Dictionary<string, string?> { ["Segments:MostMembers"] = "6", ["Roles"] = "api" });

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        await server.GivenUserAsync("ann", """{"email":"ann.bauer@example.org","phone":"+41791234567","country":"DE"}""");
        await server.GivenUserAsync("ben", """{"country":"DE"}""");
        await server.GivenUserAsync("cho", """{"country":"KR"}""");
    }

    public Task DisposeAsync() => ((IAsyncLifetime)server).DisposeAsync();

    [Fact]
    public async Task A_segment_is_made_looked_at_changed_and_archived()
    {
        var made = await CreateAsync("Germans", Germans);
        var id = made.GetProperty("id").GetString();
        Assert.Equal(("rules", 1, JsonValueKind.Null), (made.GetProperty("kind").GetString(), made.GetProperty("version").GetInt32(), made.GetProperty("estimated_size").ValueKind));
        await server.Client.RefusesAsync("POST /v1/segments", $$"""{"name":"GERMANS","rules":{{Germans}}}""", 409, "name_taken");

        var size = await server.Client.JsonAsync($"POST /v1/segments/{id}:estimate");
        Assert.Equal((2, 3, true), (size.GetProperty("people").GetInt32(), size.GetProperty("of_all").GetInt32(), size.GetProperty("exact").GetBoolean()));
        Assert.Equal(2, (await server.Client.JsonAsync($"GET /v1/segments/{id}")).GetProperty("estimated_size").GetInt32());
        var sample = (await server.Client.JsonAsync($"POST /v1/segments/{id}:preview")).GetRawText();
        Assert.Contains("a…@example.org", sample, StringComparison.Ordinal);
        Assert.DoesNotContain("bauer", sample, StringComparison.Ordinal);

        using var late = await server.Client.SendAsync($"PATCH /v1/segments/{id}", """{"name":"x"}""", ("If-Match", "\"7\""));
        await ProblemAssert.IsAsync(late, 412, "version_conflict");
        var changed = await server.Client.JsonAsync($"PATCH /v1/segments/{id}", """{"rules":{"all":null,"any":[{"field":"country","op":"in","value":["KR"]}]}}""", ("If-Match", "\"1\""));
        Assert.Equal((2, JsonValueKind.Null), (changed.GetProperty("version").GetInt32(), changed.GetProperty("estimated_size").ValueKind));
        await server.Client.RefusesAsync($"PATCH /v1/segments/{id}", """{"rules":null}""", 422, "validation_failed");
        Assert.Equal(2, (await server.Client.JsonAsync($"PATCH /v1/segments/{id}", """{"name":"Germans"}""")).GetProperty("version").GetInt32());

        Assert.Equal(204, (int)(await server.Client.SendAsync($"DELETE /v1/segments/{id}")).StatusCode);
        Assert.Empty((await server.Client.JsonAsync("GET /v1/segments?q=germ")).GetProperty("data").EnumerateArray());
        Assert.Single((await server.Client.JsonAsync("GET /v1/segments?q=germ&archived=true")).GetProperty("data").EnumerateArray());
        await CreateAsync("Germans", Germans);
        await server.Client.RefusesAsync($"PATCH /v1/segments/{id}", """{"archived":false}""", 409, "name_taken");
        Assert.False((await server.Client.JsonAsync($"PATCH /v1/segments/{id}", """{"name":"Koreans","archived":false}""")).GetProperty("archived").GetBoolean());
        Assert.Equal(["segment.create", "segment.update", "segment.archive", "segment.update", "segment.restore"], await ActionsAsync(id!));
    }

    [Fact]
    public async Task What_is_wrong_with_rules_is_told_where_it_stands_and_nothing_is_stored()
    {
        foreach (var (rules, pointer) in new[]
        {
            ("""{"all":[{"field":"country","op":"in","value":["XX"]}]}""", "/rules/all/0/value/0"),
            ("""{"field":"engagement","op":"did","value":"opened","template":"no-such"}""", "/rules/template"),
            ("""{"field":"preference","op":"is","value":"in","channel":"sms","category":"no-such"}""", "/rules/category"),
            ("""{"field":"segment","op":"in","value":["seg_01990000000070008000000000000bad"]}""", "/rules/value/0"),
            ("""{"field":"received","op":"at_least","value":1,"within_days":7,"campaign":"cmp_01990000000070008000000000000bad"}""", "/rules/campaign"),
        })
        {
            using var refused = await server.Client.SendAsync("POST /v1/segments", $$"""{"name":"Wrong","rules":{{rules}}}""");
            await ProblemAssert.IsAsync(refused, 422, "validation_failed");
            Assert.Equal(pointer, await ProblemAssert.PointerAsync(refused));
        }
        await server.Client.RefusesAsync("POST /v1/segments", """{"name":" ","rules":{"all":[]}}""", 422, "validation_failed");
        await server.Client.RefusesAsync("POST /v1/segments:estimate", """{"rules":{"any":[]}}""", 422, "validation_failed");
        Assert.Equal(1, (await server.Client.JsonAsync("POST /v1/segments:estimate", """{"rules":{"field":"email","op":"exists"}}""")).GetProperty("people").GetInt32());
        Assert.Single((await server.Client.JsonAsync("POST /v1/segments:preview", """{"rules":{"field":"email","op":"exists"}}""")).GetProperty("people").EnumerateArray());
        Assert.Empty((await server.Client.JsonAsync("GET /v1/segments")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_list_is_what_its_file_says_and_a_file_with_a_problem_changes_nothing()
    {
        var id = (await CreateAsync("The list", null)).GetProperty("id").GetString()!; // always there

        var first = await PutAsync(id, "\uFEFFname,user_id\r\n\"Bauer, Ann\",ann\r\nCho,cho\r\n\r\nAnn again,ann\r\nStranger,zoe\r\n");
        Assert.Equal((4, 3, 3, 0, 1), Figures(first));
        var second = await PutAsync(id, "ben\ncho\n");
        Assert.Equal((2, 2, 1, 2, 0), Figures(second));
        Assert.Equal((1, 3, 1, 0, 0), Figures(await PutAsync(id, "ann", "add")));
        Assert.Equal((2, 2, 0, 1, 0), Figures(await PutAsync(id, "user_id\nann\nnobody", "remove")));

        foreach (var (file, pointer) in new[] { ("name,email\nx,y\n", "/rows/1"), ("user_id\nok\n=cmd\n", "/rows/3"), ("user_id\n\"open\n", "/rows/2"), ("PK\u0003\u0004", "/rows/1"), ("a\nb\nc\nd\ne\nf\ng\n", ""), ("user_id,x\n,1\n", "/rows/2") })
        {
            using var refused = await SendAsync(id, file);
            await ProblemAssert.IsAsync(refused, 422, "validation_failed");
            Assert.Equal(pointer, await ProblemAssert.PointerAsync(refused));
        }
        using var tooMany = await SendAsync(id, "a\nb\nc\nd\ne\n", "add");
        await ProblemAssert.IsAsync(tooMany, 422, "validation_failed");
        using var noCsv = await server.Client.SendAsync($"PUT /v1/segments/{id}/members", "{}");
        await ProblemAssert.IsAsync(noCsv, 415, "unsupported_media_type");

        var page = await server.Client.JsonAsync($"GET /v1/segments/{id}/members?limit=1");
        Assert.Equal(("ben", true), (page.GetProperty("data")[0].GetProperty("user_id").GetString(), page.GetProperty("data")[0].GetProperty("known").GetBoolean()));
        var rest = await server.Client.JsonAsync($"GET /v1/segments/{id}/members?cursor={page.GetProperty("next_cursor").GetString()}");
        Assert.Equal("cho", Assert.Single(rest.GetProperty("data").EnumerateArray()).GetProperty("user_id").GetString());
        Assert.Equal(0, await server.Database.Source.CountAsync("select count(*) from segment_uploads"));
        var ofRules = (await CreateAsync("By rules", Germans)).GetProperty("id").GetString()!; // always there
        using var wrongKind = await SendAsync(ofRules, "ann\n");
        await ProblemAssert.IsAsync(wrongKind, 422, "validation_failed");
    }

    [Fact]
    public async Task An_audience_is_whoever_is_in_some_and_in_none_of_those_left_out()
    {
        var germans = Id(await CreateAsync("Germans", Germans));
        var koreans = Id(await CreateAsync("Koreans", """{"field":"country","op":"in","value":["KR"]}"""));
        var listed = await CreateAsync("Listed", null);
        await PutAsync(listed.GetProperty("id").GetString()!, "ann\ncho\n"); // always there
        var (audiences, reader) = (server.Services.GetRequiredService<Audiences>(), server.Services.GetRequiredService<AudienceReader>());

        Assert.Equal("ann ben cho", await WhoAsync(new Audience()));
        Assert.Equal("ann ben", await WhoAsync(new Audience { SegmentIds = [germans] }));
        Assert.Equal("ann ben cho", await WhoAsync(new Audience { SegmentIds = [germans, koreans] }));
        Assert.Equal("ben", await WhoAsync(new Audience { SegmentIds = [germans, koreans], ExcludeSegmentIds = [Id(listed)] }));
        Assert.Equal("ben", await WhoAsync(new Audience { ExcludeSegmentIds = [Id(listed)] }));
        await server.Client.SendAsync($"DELETE /v1/segments/{SegmentId.Format(koreans)}");
        var (sql, errors) = await audiences.OfAsync(new Audience { SegmentIds = [germans, koreans], ExcludeSegmentIds = [Guid.Empty] }, default);
        Assert.Null(sql);
        Assert.Equal([("/audience/segment_ids/1", "archived_segment"), ("/audience/exclude_segment_ids/0", "unknown_segment")], errors.Select(error => (error.Pointer, error.Code)));

        async Task<string> WhoAsync(Audience audience)
        {
            var (whom, wrong) = await audiences.OfAsync(audience, default);
            Assert.Empty(wrong);
            return string.Join(' ', (await reader.SampleAsync(whom!, 10, default)).Select(person => person.Id)); // nothing was wrong
        }
    }

    [Fact]
    public async Task What_something_needs_is_not_archived()
    {
        var list = await CreateAsync("Needed", null);
        var id = list.GetProperty("id").GetString();
        var user = await CreateAsync("Needs it", $$"""{"field":"segment","op":"in","value":["{{id}}"]}""");
        await server.Client.RefusesAsync($"DELETE /v1/segments/{id}", null, 409, "segment_in_use");
        await server.Client.SendAsync($"DELETE /v1/segments/{user.GetProperty("id").GetString()}");

        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var campaign = Guid.CreateVersion7();
        await connection.ExecuteAsync(
            "insert into campaigns (id, client_id, name, status, plan, created_by, updated_by) values (@campaign, @campaign, 'Big', 'scheduled', @plan::jsonb, 'x', 'x')",
            new { campaign, plan = new CampaignPlan { Audience = new Audience { ExcludeSegmentIds = [Id(list)] } }.ToJson() });
        var refused = await server.Client.SendAsync($"DELETE /v1/segments/{id}");
        Assert.Contains("“Big”", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await connection.ExecuteAsync("update campaigns set status = 'completed'");
        Assert.Equal(204, (int)(await server.Client.SendAsync($"DELETE /v1/segments/{id}")).StatusCode);
    }

    [Fact]
    public async Task An_erased_person_is_on_no_list_and_what_they_did_is_forgotten()
    {
        var id = (await CreateAsync("The list", null)).GetProperty("id").GetString()!; // always there
        await PutAsync(id, "ann\nben\n");
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into last_engaged values ('ann', 'opened', 'x', now()), ('ben', 'opened', 'x', now()), ('cho', 'opened', 'x', now())");

        await server.Client.JsonAsync("POST /v1/users/ann:erase", """{"reason":"asked"}""");
        await server.Client.SendAsync("DELETE /v1/users/ben");

        Assert.Equal(["ben"], await connection.QueryAsync<string>("select user_id from segment_members"));
        Assert.Equal(["cho"], await connection.QueryAsync<string>("select user_id from last_engaged"));
    }

    [Fact]
    public async Task What_cannot_be_counted_in_time_is_estimated_and_told_so()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into users (id, country) select 'many' || n, case when n % 4 = 0 then 'CH' else 'AT' end from generate_series(1, 60000) n; analyze users");
        await using var hasty = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Segments:CountTimeout"] = "00:00:00.01", ["Roles"] = "api" }, server.Database);

        var size = await hasty.Client.JsonAsync("POST /v1/segments:estimate", """{"rules":{"all":[{"field":"country","op":"in","value":["CH"]},{"not":{"field":"attributes.x","op":"contains","value":"y"}}]}}""");

        if (size.GetProperty("exact").GetBoolean()) return; // a machine that counts them in 10 ms
        if (size.GetProperty("people").ValueKind == JsonValueKind.Null) return; // and one that does not judge a thousand
        Assert.InRange(size.GetProperty("people").GetInt32(), 10_000, 20_000);
    }

    private Task<JsonElement> CreateAsync(string name, string? rules) =>
        server.Client.JsonAsync("POST /v1/segments", rules is null ? $$"""{"name":"{{name}}"}""" : $$"""{"name":"{{name}}","rules":{{rules}}}""");

    private static Guid Id(JsonElement segment) => PrefixedId.TryParse("seg", segment.GetProperty("id").GetString(), out var id) ? id : throw new InvalidOperationException();

    private async Task<JsonElement> PutAsync(string id, string csv, string? mode = null)
    {
        using var answer = await SendAsync(id, csv, mode);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SendAsync(string id, string csv, string? mode = null)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/csv; charset=utf-8");
        return server.Client.PutAsync(new Uri($"/v1/segments/{id}/members{(mode is null ? "" : $"?mode={mode}")}", UriKind.Relative), content);
    }

    private static (int, int, int, int, int) Figures(JsonElement answer) =>
        (answer.GetProperty("rows").GetInt32(), answer.GetProperty("members").GetInt32(), answer.GetProperty("added").GetInt32(), answer.GetProperty("removed").GetInt32(), answer.GetProperty("unknown").GetInt32());

    private async Task<string[]> ActionsAsync(string id)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("select action from audit_log where target = @target order by id", new { target = $"segment:{id[4..]}" })];
    }
}
