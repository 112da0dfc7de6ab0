using System.Net;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

/// Texts that templates share, from the first to their giving up. Each story has partials of its own.
public sealed class PartialTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_template_keeps_its_copy_until_the_new_text_is_rolled_out()
    {
        await GivenPartialAsync("sender", "Example Ltd");
        await server.GivenTemplateAsync("kept", "Hello. {{> sender}}");
        Assert.Equal("Hello. Example Ltd", await SaidByAsync("kept"));

        var changed = await server.PatchAsync("/v1/template-partials/sender", """{"text":"Example Group"}""");
        Assert.Equal((HttpStatusCode.OK, 2), (changed.Status, changed.Number("version")));
        Assert.Equal("""[{"template":"kept","version":1,"published":true,"partial_version":1,"outdated":true}]""", changed.Body.GetProperty("used_by").GetRawText());
        Assert.Equal("Hello. Example Ltd", await SaidByAsync("kept"));

        var plan = await server.PostAsync("/v1/template-partials/sender:roll-out", """{"dry_run":true}""");
        Assert.Equal("""[{"template":"kept","from_version":1,"partial_version":1,"to_version":2,"errors":[]}]""", plan.Body.GetProperty("templates").GetRawText());
        Assert.Equal("Hello. Example Ltd", await SaidByAsync("kept"));
        Assert.Equal(1, (await server.GetAsync("/v1/templates/kept")).Number("latest_version"));

        var done = await server.PostAsync("/v1/template-partials/sender:roll-out", "{}");
        Assert.Equal(plan.Body.GetProperty("templates").GetRawText(), done.Body.GetProperty("templates").GetRawText());
        Assert.Equal("Hello. Example Group", await SaidByAsync("kept"));
        Assert.Equal("""{"sender":2}""", (await server.GetAsync("/v1/templates/kept")).Body.GetProperty("version").GetProperty("partials").GetRawText());
        Assert.Equal(0, (await server.PostAsync("/v1/template-partials/sender:roll-out", "{}")).Body.GetProperty("templates").GetArrayLength());
    }

    [Fact]
    public async Task A_roll_out_renews_one_partial_and_leaves_drafts_and_other_partials_as_they_are()
    {
        await GivenPartialAsync("one", "1");
        await GivenPartialAsync("two", "2");
        await server.GivenTemplateAsync("mixed", "{{> one}}{{> two}}");
        await server.PatchAsync("/v1/templates/mixed", """{"channels":{"sms":{"body":"Draft {{> one}}{{> two}}"}}}""");
        await server.PatchAsync("/v1/template-partials/one", """{"text":"one"}""");
        await server.PatchAsync("/v1/template-partials/two", """{"text":"two"}""");

        await server.PostAsync("/v1/template-partials/one:roll-out", "{}");

        Assert.Equal("one2", await SaidByAsync("mixed"));
        var template = await server.GetAsync("/v1/templates/mixed");
        Assert.Equal((3, 4), (template.Number("published_version"), template.Number("latest_version")));
        var draft = template.Body.GetProperty("draft");
        Assert.Equal("Draft {{> one}}{{> two}}", draft.GetProperty("channels").GetProperty("sms").GetProperty("body").GetString());
        Assert.Equal(("""{"one":2,"two":1}""", 2), (draft.GetProperty("partials").GetRawText(), draft.GetProperty("restored_from").GetInt32()));
    }

    [Fact]
    public async Task What_one_template_cannot_bear_keeps_no_other_from_going_on()
    {
        await GivenPartialAsync("grown", "small");
        await server.GivenTemplateAsync("grown-a", string.Concat(Enumerable.Repeat("{{a}}", 990)) + "{{> grown}}");
        await server.GivenTemplateAsync("grown-b", "{{> grown}}");
        await server.PatchAsync("/v1/template-partials/grown", $$"""{"text":"{{string.Concat(Enumerable.Repeat("{{b}}", 20))}}"}""");

        var done = (await server.PostAsync("/v1/template-partials/grown:roll-out", """{"templates":["grown-a","grown-b","none"]}""")).Body.GetProperty("templates").EnumerateArray().ToList();

        Assert.Equal([("grown-a", "null", "too_many_tags"), ("grown-b", "2", "")], done.Select(one => (
            one.GetProperty("template").GetString(), one.GetProperty("to_version").GetRawText(),
            string.Join(',', one.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("code").GetString())))));
    }

    [Fact]
    public async Task A_partial_speaks_the_language_of_the_text_that_includes_it()
    {
        await server.PostAsync("/v1/template-partials", """{"key":"bye","name":"n","text":"Goodbye","locales":{"de":{"text":"Auf Wiedersehen"}}}""");
        await server.GivenTemplateAsync("parting", "{{> bye}}", ""","default_locale":"en","locales":{"de-CH":{"sms":{"body":"Ende. {{> bye}}"}},"fr":{"sms":{"body":"Fin. {{> bye}}"}}}""");

        Assert.Equal("Goodbye", await SaidByAsync("parting"));
        Assert.Equal("Ende. Auf Wiedersehen", await SaidByAsync("parting", "de-CH"));
        Assert.Equal("Fin. Goodbye", await SaidByAsync("parting", "fr"));
    }

    [Fact]
    public async Task A_layout_is_put_around_a_text_and_brings_its_own_partials_along()
    {
        await GivenPartialAsync("inner", "(c)");
        await GivenPartialAsync("frame", "[{{> @partial-block}}] {{> inner}}");
        await server.GivenTemplateAsync("framed", "{{#> frame}}Hi {{name}}{{/frame}}");

        Assert.Equal("[Hi Ann] (c)", await SaidByAsync("framed", data: """{"name":"Ann"}"""));
        Assert.Equal("""{"frame":1,"inner":1}""", (await server.GetAsync("/v1/templates/framed")).Body.GetProperty("version").GetProperty("partials").GetRawText());
        Assert.Equal("""["name"]""", (await server.GetAsync("/v1/templates/framed")).Body.GetProperty("version").GetProperty("required_variables").GetProperty("sms").GetRawText());
    }

    [Fact]
    public async Task One_in_use_is_not_deleted_and_the_answer_names_who_uses_it()
    {
        await GivenPartialAsync("needed", "a");
        await GivenPartialAsync("needing", "{{> needed}}");
        await server.GivenTemplateAsync("needs-it", "{{> needed}}");

        var refused = await server.DeleteAsync("/v1/template-partials/needed");
        Assert.Equal((HttpStatusCode.Conflict, "wrong_state", "It is used by needs-it, partial needing"), (refused.Status, refused.Text("code"), refused.Text("detail")));

        await server.PatchAsync("/v1/template-partials/needing", """{"text":"none"}""");
        await server.DeleteAsync("/v1/templates/needs-it");
        Assert.Equal(HttpStatusCode.NoContent, (await server.DeleteAsync("/v1/template-partials/needed")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/v1/template-partials/needed")).Status);

        // What has its copy goes on saying it; what is new does not find it.
        await server.PatchAsync("/v1/templates/needs-it", """{"archived":false}""");
        Assert.Equal("a", await SaidByAsync("needs-it"));
        Assert.Equal(("/channels/sms/body", "unknown_partial"), Assert.Single((await server.PatchAsync("/v1/templates/needs-it", """{"channels":{"sms":{"body":"b{{> needed}}"}}}""")).Errors));
    }

    [Theory]
    [InlineData("""{"key":"Bad","name":"n","text":"a"}""", "/key", "invalid_key")]
    [InlineData("""{"key":"bad","name":"","text":"a"}""", "/name", "invalid_name")]
    [InlineData("""{"key":"bad","name":"n"}""", "", "required")]
    [InlineData("""{"key":"bad","name":"n","text":"{{{a}}}"}""", "/text", "raw_output")]
    [InlineData("""{"key":"bad","name":"n","text":"{{> bad}}"}""", "/text", "recursive_partial")]
    [InlineData("""{"key":"bad","name":"n","text":"{{> nobody}}"}""", "/text", "unknown_partial")]
    [InlineData("""{"key":"bad","name":"n","html":"<p class={{a}}>x</p>"}""", "/html", "unsafe_place")]
    [InlineData("""{"key":"bad","name":"n","text":"a","locales":{"de":{"text":"{{#if a}}"}}}""", "/locales/de/text", null)]
    [InlineData("""{"key":"bad","name":"n","text":"a","locales":{"de":{"html":"a"}}}""", "/locales/de/html", "no_default")]
    [InlineData("""{"key":"bad","name":"n","text":"a","locales":{"german":{"text":"a"}}}""", "/locales/german", "invalid_locale")]
    public async Task A_partial_that_will_not_do_is_refused_with_a_pointer(string request, string place, string? code)
    {
        var answer = await server.PostAsync("/v1/template-partials", request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        var (at, said) = Assert.Single(answer.Errors);
        Assert.Equal((place, code ?? said), (at, said));
    }

    [Fact]
    [Bar("B49")]
    public async Task Two_that_include_each_other_are_refused_by_the_second_change()
    {
        await GivenPartialAsync("egg", "egg");
        await GivenPartialAsync("hen", "{{> egg}}");

        Assert.Equal(("/text", "recursive_partial"), Assert.Single((await server.PatchAsync("/v1/template-partials/egg", """{"text":"{{> hen}}"}""")).Errors));
    }

    [Fact]
    public async Task Every_text_of_a_partial_stays_readable_and_a_second_editor_is_told()
    {
        await GivenPartialAsync("edited", "1");
        var seen = (await server.GetAsync("/v1/template-partials/edited")).ETag;
        Assert.Equal(HttpStatusCode.OK, (await server.PatchAsync("/v1/template-partials/edited", """{"text":"2"}""", seen)).Status);
        Assert.Equal("version_conflict", (await server.PatchAsync("/v1/template-partials/edited", """{"text":"3"}""", seen)).Text("code"));
        Assert.Equal(2, (await server.PatchAsync("/v1/template-partials/edited", """{"name":"renamed"}""")).Number("version"));

        var versions = await server.GetAsync("/v1/template-partials/edited/versions");
        Assert.Equal(["2 2", "1 1"], versions.Body.GetProperty("data").EnumerateArray().Select(v => $"{v.GetProperty("number").GetInt32()} {v.GetProperty("text").GetString()}"));
        Assert.Contains("edited", (await server.GetAsync("/v1/template-partials?limit=200")).Body.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("key").GetString()));
        Assert.Equal("key_taken", (await server.PostAsync("/v1/template-partials", """{"key":"edited","name":"n","text":"a"}""")).Text("code"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/v1/template-partials/none:roll-out", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PatchAsync("/v1/template-partials/none", "{}")).Status);
    }

    private async Task GivenPartialAsync(string key, string text)
    {
        var made = await server.PostAsync("/v1/template-partials", $$"""{"key":"{{key}}","name":"{{key}}","text":"{{text}}"}""");
        Assert.True(made.Status == HttpStatusCode.Created, $"{made.Status}: {made.Body}");
    }

    /// What a person of this locale would be sent now.
    private async Task<string?> SaidByAsync(string template, string locale = "en", string data = "{}")
    {
        var told = await server.PostAsync("/v1/notifications:explain", $$"""{"to":[{"phone":"+41791234567","locale":"{{locale}}"}],"template":"{{template}}","data":{{data}}}""");
        Assert.True(told.Status == HttpStatusCode.OK, $"{told.Status}: {told.Body}");
        return told.Body.GetProperty("decisions")[0].GetProperty("rendered").GetProperty("text").GetString();
    }
}
