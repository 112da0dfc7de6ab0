using System.Net;
using NotificationServer.Api.Auth;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

/// What people do with a template after they made it.
public sealed class TemplateLifeTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_version_has_everything_that_was_written()
    {
        await server.GivenTemplateAsync("whole", "Hello {{name}}", """
            ,"category":"orders","default_locale":"en","locales":{"de":{"sms":{"body":"Hallo {{name}}"}}},
            "variables_schema":{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}},"sample_data":{"name":"Ann"}
            """);

        var template = await server.GetAsync("/v1/templates/whole");
        Assert.Equal(("orders", "transactional", "published", "client:test"), (template.Text("category"), template.Text("class"), template.Text("status"), template.Text("updated_by")));
        var version = template.Body.GetProperty("version");
        Assert.Equal("Hallo {{name}}", version.GetProperty("locales").GetProperty("de").GetProperty("sms").GetProperty("body").GetString());
        Assert.Equal("en", version.GetProperty("default_locale").GetString());
        Assert.Equal("""{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}""", version.GetProperty("variables_schema").GetRawText());
        Assert.Equal("""{"name":"Ann"}""", version.GetProperty("sample_data").GetRawText());
        Assert.Equal(version.GetRawText(), (await server.GetAsync("/v1/templates/whole/versions/1")).Body.GetRawText());
    }

    [Fact]
    public async Task A_patch_of_the_words_is_a_new_draft_and_of_the_name_is_not()
    {
        await server.GivenTemplateAsync("patched", "Hello", ""","locales":{"de":{"sms":{"body":"Hallo"}},"fr":{"sms":{"body":"Salut"}}}""");

        var renamed = await server.PatchAsync("/v1/templates/patched", """{"name":"A better name","category":"offers"}""");
        Assert.Equal((HttpStatusCode.OK, "A better name", "offers", "marketing", 1), (renamed.Status, renamed.Text("name"), renamed.Text("category"), renamed.Text("class"), renamed.Number("latest_version")));

        var changed = await server.PatchAsync("/v1/templates/patched", """{"locales":{"fr":null,"de":{"sms":{"body":"Guten Tag"}}},"sample_data":{"a":1}}""");
        Assert.Equal((1, 2), (changed.Number("published_version"), changed.Number("latest_version")));
        Assert.Equal("""{"de":{"email":null,"sms":{"body":"Guten Tag","text":null},"push":null}}""", changed.Body.GetProperty("draft").GetProperty("locales").GetRawText());
        Assert.Equal("Hallo", changed.Body.GetProperty("version").GetProperty("locales").GetProperty("de").GetProperty("sms").GetProperty("body").GetString());

        // The next change is made to the draft, and the same once more is none.
        var again = await server.PatchAsync("/v1/templates/patched", """{"channels":{"sms":{"body":"Hi"}}}""");
        Assert.Equal(3, again.Number("latest_version"));
        Assert.Equal(again.ETag, (await server.PatchAsync("/v1/templates/patched", """{"channels":{"sms":{"body":"Hi"}}}""")).ETag);

        var cleared = await server.PatchAsync("/v1/templates/patched", """{"category":null}""");
        Assert.Null(cleared.Text("category"));
    }

    [Fact]
    public async Task Whoever_comes_second_is_told_so_if_they_said_what_they_had_seen()
    {
        await server.GivenTemplateAsync("raced", "Hello");
        var seen = (await server.GetAsync("/v1/templates/raced")).ETag;

        var first = await server.PatchAsync("/v1/templates/raced", """{"name":"First"}""", seen);
        var second = await server.PatchAsync("/v1/templates/raced", """{"name":"Second"}""", seen);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, "version_conflict"), (first.Status, second.Status, second.Text("code")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await server.DeleteAsync("/v1/templates/raced", seen)).Status);
        Assert.Equal("First", (await server.GetAsync("/v1/templates/raced")).Text("name"));
        await server.PostAsync("/v1/templates/raced:publish", "{}");
        Assert.NotEqual(first.ETag, (await server.GetAsync("/v1/templates/raced")).ETag);
    }

    [Theory]
    [InlineData("""{"name":null}""", 400, "/name", "required")]
    [InlineData("""{"name":" "}""", 422, "/name", "invalid_name")]
    [InlineData("""{"class":"critical"}""", 400, "/class", "unknown_property")]
    [InlineData("""{"category":"none"}""", 422, "/category", "unknown_category")]
    [InlineData("""{"channels":{"sms":null}}""", 422, "/channels", "required")]
    [InlineData("""{"locales":{"de":{"email":{"subject":"a","text":"b"}}}}""", 422, "/locales/de/email", "no_default")]
    [InlineData("""{"variables_schema":{"if":true}}""", 422, "/variables_schema/if", "unsupported_keyword")]
    [InlineData("""{"sample_data":[]}""", 422, "/sample_data", "not_an_object")]
    [InlineData("""{"channels":{"push":{"title":"a","data":{"n":[1,1e400000]}}}}""", 422, "/channels/push/data", "number_out_of_range")]
    [InlineData("""{"channels":{"push":{"title":"a","data":{"n":0e-400000}}}}""", 422, "/channels/push/data", "number_out_of_range")]
    public async Task A_patch_that_will_not_do_changes_nothing(string patch, int status, string pointer, string code)
    {
        await server.PostAsync("/v1/templates", """{"key":"refused","name":"refused","channels":{"sms":{"body":"a"}}}""");
        var before = (await server.GetAsync("/v1/templates/refused")).Body.GetRawText();

        var answer = await server.PatchAsync("/v1/templates/refused", patch);

        Assert.Equal((status, (pointer, code)), ((int)answer.Status, Assert.Single(answer.Errors)));
        Assert.Equal(before, (await server.GetAsync("/v1/templates/refused")).Body.GetRawText());
    }

    [Fact]
    public async Task Sample_data_must_fit_the_schema()
    {
        var answer = await server.PostAsync("/v1/templates", """{"key":"sampled","name":"n","channels":{"sms":{"body":"a"}},"variables_schema":{"properties":{"n":{"type":"integer"}}},"sample_data":{"n":"1"}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, ("/sample_data/n", "wrong_type")), (answer.Status, Assert.Single(answer.Errors)));
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_and_an_older_one_comes_back_as_a_new_one()
    {
        await server.GivenTemplateAsync("restored", "One", ""","locales":{"de":{"sms":{"body":"Eins"}}}""");
        await server.PostAsync("/v1/templates/restored/versions", """{"channels":{"sms":{"body":"Two"}},"publish":true}""");

        var restored = await server.PostAsync("/v1/templates/restored/versions/1:restore", "{}");

        Assert.Equal((HttpStatusCode.Created, 3), (restored.Status, restored.Number("version")));
        var third = await server.GetAsync("/v1/templates/restored/versions/3");
        Assert.Equal((1, false, "Eins"), (third.Number("restored_from"), third.Body.GetProperty("published").GetBoolean(), third.Body.GetProperty("locales").GetProperty("de").GetProperty("sms").GetProperty("body").GetString()));
        var page = await server.GetAsync("/v1/templates/restored/versions?limit=2");
        Assert.Equal("""[3,2]""", $"[{string.Join(',', page.Body.GetProperty("data").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()))}]");
        var rest = await server.GetAsync($"/v1/templates/restored/versions?limit=2&cursor={Uri.EscapeDataString(page.Text("next_cursor")!)}"); // there is more
        var item = Assert.Single(rest.Body.GetProperty("data").EnumerateArray());
        Assert.Equal(("""["sms"]""", """["de"]"""), (item.GetProperty("channels").GetRawText(), item.GetProperty("locales").GetRawText()));
        foreach (var path in new[] { "/v1/templates/none/versions", "/v1/templates/restored/versions/9" }) Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/v1/templates/restored/versions/9:restore", "{}")).Status);
    }

    [Fact]
    public async Task A_diff_says_line_by_line_what_changed_and_leaves_out_what_did_not()
    {
        await server.GivenTemplateAsync("compared", "One\\nTwo\\nThree", ""","locales":{"de":{"sms":{"body":"Eins"}}}""");
        await server.PatchAsync("/v1/templates/compared", """{"channels":{"sms":{"body":"One\n2\nThree"}},"locales":{"de":null,"fr":{"sms":{"body":"Un"}}},"variables_schema":{"type":"object"}}""");

        var diff = await server.GetAsync("/v1/templates/compared/versions/1:diff?to=2");

        var changes = diff.Body.GetProperty("changes").EnumerateArray().ToDictionary(c => c.GetProperty("path").GetString()!, c => c.GetProperty("hunks")); // there
        Assert.Equal(["/channels/sms/body", "/locales/de/sms/body", "/locales/fr/sms/body", "/variables_schema"], changes.Keys.Order(StringComparer.Ordinal));
        var hunk = Assert.Single(changes["/channels/sms/body"].EnumerateArray());
        Assert.Equal(["keep One", "remove Two", "add 2", "keep Three"], hunk.GetProperty("lines").EnumerateArray().Select(l => $"{l.GetProperty("change").GetString()} {l.GetProperty("text").GetString()}"));
        Assert.Equal(diff.Body.GetRawText(), (await server.GetAsync("/v1/templates/compared/versions/1:diff")).Body.GetRawText());
        Assert.Equal(0, (await server.GetAsync("/v1/templates/compared/versions/1:diff?to=1")).Body.GetProperty("changes").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/v1/templates/compared/versions/1:diff?to=7")).Status);
    }

    [Fact]
    public async Task A_template_made_as_a_draft_cannot_be_named_before_it_is_published()
    {
        await server.GivenTemplateAsync("unfinished", "Hello", ""","publish":false""");
        Assert.Equal("draft", (await server.GetAsync("/v1/templates/unfinished")).Text("status"));
        Assert.Equal("unknown_template", (await NotifyAsync("unfinished")).Text("code"));

        await server.PostAsync("/v1/templates/unfinished:publish", "{}");

        Assert.Equal(HttpStatusCode.Accepted, (await NotifyAsync("unfinished")).Status);
    }

    [Fact]
    public async Task An_archived_template_is_gone_for_new_notifications_and_can_be_brought_back()
    {
        await server.GivenTemplateAsync("archived", "Hello");
        Assert.Equal(HttpStatusCode.Accepted, (await NotifyAsync("archived")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await server.DeleteAsync("/v1/templates/archived")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.DeleteAsync("/v1/templates/archived")).Status);

        Assert.Equal("unknown_template", (await NotifyAsync("archived")).Text("code"));
        Assert.Equal("unknown_template", (await NotifyAsync("archived", ""","template_version":1""")).Text("code"));
        Assert.Equal("archived", (await server.GetAsync("/v1/templates/archived")).Text("status"));
        foreach (var path in new[] { "/v1/templates/archived:publish", "/v1/templates/archived/versions/1:restore" })
            Assert.Equal("wrong_state", (await server.PostAsync(path, "{}")).Text("code"));
        Assert.Equal("wrong_state", (await server.PostAsync("/v1/templates/archived/versions", """{"channels":{"sms":{"body":"a"}}}""")).Text("code"));
        Assert.Equal("key_taken", (await server.PostAsync("/v1/templates", """{"key":"archived","name":"n","channels":{"sms":{"body":"a"}}}""")).Text("code"));

        Assert.Equal("published", (await server.PatchAsync("/v1/templates/archived", """{"archived":false}""")).Text("status"));
        Assert.Equal(HttpStatusCode.Accepted, (await NotifyAsync("archived")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.DeleteAsync("/v1/templates/none")).Status);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_category_status_and_words()
    {
        await server.GivenTemplateAsync("find-offer", "a", ""","category":"offers" """);
        await server.GivenTemplateAsync("find-order", "a", ""","category":"orders" """);
        await server.GivenTemplateAsync("find-draft", "a", ""","category":"offers","publish":false""");
        await server.GivenTemplateAsync("find-old", "a");
        await server.PatchAsync("/v1/templates/find-old", """{"name":"FIND_100% me","archived":true}""");

        Assert.Equal(["find-draft", "find-offer", "find-order"], await KeysAsync("q=FIND-"));
        Assert.Equal(["find-draft", "find-offer"], await KeysAsync("q=find-&category=offers"));
        Assert.Equal(["find-offer"], await KeysAsync("q=find-&category=offers&status=published"));
        Assert.Equal(["find-draft"], await KeysAsync("q=find-&status=draft"));
        Assert.Equal(["find-old"], await KeysAsync("q=100%25&status=archived"));
        Assert.Empty(await KeysAsync("q=10_%25&status=archived"));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync("/v1/templates?status=gone")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync("/v1/templates?q=%00")).Status);

        async Task<IEnumerable<string?>> KeysAsync(string query) =>
            (await server.GetAsync($"/v1/templates?{query}")).Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("{}", "missing_variable", "/data/order", "missing_variable")]
    [InlineData("""{"order":{"no":7}}""", "validation_failed", "/data/order/no", "wrong_type")]
    [InlineData("""{"order":{"no":"12345678901"}}""", "validation_failed", "/data/order/no", "invalid_length")]
    [InlineData("""{"order":{"no":"1","colour":"red"}}""", "validation_failed", "/data/order/colour", "not_in_schema")]
    public async Task Data_that_does_not_fit_the_schema_is_refused_at_the_door(string data, string code, string pointer, string fault)
    {
        await server.PostAsync("/v1/templates", """
            {"key":"strict","name":"n","channels":{"sms":{"body":"{{order.no}}"}},"variables_schema":{"type":"object","required":["order"],"properties":{
                "order":{"type":"object","required":["no"],"additionalProperties":false,"properties":{"no":{"type":"string","maxLength":10}}}}}}
            """);

        var refused = await NotifyAsync("strict", $$""","data":{{data}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (refused.Status, refused.Text("code")));
        Assert.Equal((pointer, fault), refused.Errors.First());
        Assert.Equal(HttpStatusCode.Accepted, (await NotifyAsync("strict", ""","data":{"order":{"no":"1"}}""")).Status);
    }

    [Theory]
    [InlineData("PATCH", "/v1/templates/a")]
    [InlineData("DELETE", "/v1/templates/a")]
    [InlineData("GET", "/v1/templates/a/versions")]
    [InlineData("GET", "/v1/templates/a/versions/1:diff")]
    [InlineData("POST", "/v1/templates/a/versions/1:restore")]
    [InlineData("GET", "/v1/template-partials")]
    [InlineData("POST", "/v1/template-partials")]
    [InlineData("GET", "/v1/template-partials/a")]
    [InlineData("PATCH", "/v1/template-partials/a")]
    [InlineData("DELETE", "/v1/template-partials/a")]
    [InlineData("GET", "/v1/template-partials/a/versions")]
    [InlineData("POST", "/v1/template-partials/a:roll-out")]
    public async Task Every_call_needs_the_scope(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await (await server.ClientWithAsync(Scopes.NotificationsWrite)).SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private Task<Answer> NotifyAsync(string template, string more = "") =>
        server.PostAsync("/v1/notifications", $$"""{"to":[{"phone":"+41791234567"}],"template":"{{template}}"{{more}}}""");
}
