using System.Net;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

/// Lint, preview and test send over REST. Each story has a template of its own.
public sealed class TemplateLookTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task What_lint_calls_an_error_keeps_a_version_from_being_published_and_a_warning_is_told()
    {
        await server.GivenTemplateAsync("gated", "Hello");
        await server.PostAsync("/v1/templates/gated/versions", """{"channels":{"email":{"subject":"Hi","html":"<a href=\"/sale\">Sale</a>"}}}""");

        var refused = await server.PostAsync("/v1/templates/gated:publish", "{}");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "validation_failed"), (refused.Status, refused.Text("code")));
        Assert.Equal([("/channels/email/html", "relative_link")], refused.Errors);
        Assert.Equal(1, (await server.GetAsync("/v1/templates/gated")).Number("published_version"));

        await server.PostAsync("/v1/templates/gated/versions", """{"channels":{"email":{"subject":"Hi","html":"<a href=\"https://shop.ch/sale\">Sale</a>"}}}""");
        var published = await server.PostAsync("/v1/templates/gated:publish", "{}");
        Assert.Equal((HttpStatusCode.OK, 3), (published.Status, published.Number("version")));
        Assert.Equal("no_text_part", Assert.Single(published.Body.GetProperty("warnings").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Lint_judges_a_version_or_words_that_are_not_saved_and_knows_the_category()
    {
        await server.GivenTemplateAsync("linted", "Don’t wait", ""","category":"offers" """);

        var stored = await server.PostAsync("/v1/templates/linted:lint", "{}");
        Assert.Equal((1, true), (stored.Number("version"), stored.Body.GetProperty("publishable").GetBoolean()));
        var finding = stored.Body.GetProperty("findings").EnumerateArray().First();
        Assert.Equal(("warning", "sms_unicode", "/channels/sms/body"), (finding.GetProperty("severity").GetString(), finding.GetProperty("code").GetString(), finding.GetProperty("pointer").GetString()));

        var unsaved = await server.PostAsync("/v1/templates/linted:lint", """{"channels":{"email":{"subject":"Hi","text":"Buy"}}}""");
        Assert.False(unsaved.Body.GetProperty("publishable").GetBoolean());
        Assert.Contains(unsaved.Body.GetProperty("findings").EnumerateArray(), found => found.GetProperty("code").GetString() == "no_unsubscribe_link");
        Assert.Equal(1, (await server.GetAsync("/v1/templates/linted")).Number("latest_version"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/v1/templates/none:lint", "{}")).Status);
        Assert.Equal([("/channels", "required")], (await server.PostAsync("/v1/templates/linted:lint", """{"sample_data":{}}""")).Errors);
    }

    [Fact]
    public async Task A_preview_says_what_a_person_would_read_and_creates_nothing()
    {
        await server.GivenTemplateAsync("looked-at", "Hello {{name}}", ""","locales":{"de":{"sms":{"body":"Grüezi {{name}}"}}},"sample_data":{"name":"Ada"}""");
        await server.GivenUserAsync("look-1", """{"locale":"de-CH","time_zone":"Europe/Zurich"}""");
        var before = await MessagesAsync();

        var sample = Sms(await server.PostAsync("/v1/templates/looked-at:preview", "{}"));
        Assert.Equal(("Hello Ada", 1, "GSM-7"), (sample.Text, sample.Segments, sample.Encoding));
        Assert.Equal("Grüezi Ada", Sms(await server.PostAsync("/v1/templates/looked-at:preview", """{"user_id":"look-1"}""")).Text);
        Assert.Equal("Grüezi 李", Sms(await server.PostAsync("/v1/templates/looked-at:preview", """{"locale":"de","data":{"name":"李"},"channel":"sms"}""")).Text);
        var lacking = (await server.PostAsync("/v1/templates/looked-at:preview", """{"data":{}}""")).Body.GetProperty("channels")[0];
        Assert.Equal("the data lacks 'name'", lacking.GetProperty("problem").GetString());

        Assert.Equal([("/user_id", "unknown_user")], (await server.PostAsync("/v1/templates/looked-at:preview", """{"user_id":"nobody-here"}""")).Errors);
        Assert.Equal([("/time_zone", "unknown_time_zone"), ("/channel", "unknown_channel")],
            (await server.PostAsync("/v1/templates/looked-at:preview", """{"time_zone":"Mars","channel":"fax"}""")).Errors);
        Assert.Equal(before, await MessagesAsync());
    }

    [Fact]
    public async Task A_push_preview_tells_what_each_vendor_would_count()
    {
        await server.PostAsync("/v1/templates", """{"key":"weighed","name":"w","channels":{"push":{"title":"Hi","body":"There"}}}""");

        var push = (await server.PostAsync("/v1/templates/weighed:preview", "{}")).Body.GetProperty("channels")[0].GetProperty("push");

        var apns = push.EnumerateArray().Single(size => size.GetProperty("vendor").GetString() == "apns");
        Assert.Equal("""{"aps":{"alert":{"title":"Hi","body":"There"}}}""".Length, apns.GetProperty("bytes").GetInt32());
        Assert.Equal((4096, true), (apns.GetProperty("limit").GetInt32(), apns.GetProperty("fits").GetBoolean()));
    }

    [Fact]
    public async Task A_test_reaches_its_author_in_spite_of_marketing_opt_outs_but_not_of_a_suppression_and_only_a_few_times()
    {
        await server.GivenTemplateAsync("tested", "Half price, {{name}}", ""","category":"offers","publish":false,"sample_data":{"name":"Ada"}""");
        await server.GivenUserAsync("author-1", """{"phone":"+41791110001"}""");
        await server.Client.JsonAsync("PATCH /v1/users/author-1/preferences", """{"source":"test","categories":[{"category":"offers","channel":"sms","opt_in":false}]}""");
        using var _ = await server.Client.SendAsync("POST /v1/suppressions", """{"channel":"sms","address":"+41791110002","reason":"manual"}""");

        var sent = await server.PostAsync("/v1/templates/tested:test", """{"to":{"user_id":"author-1"},"channel":"sms"}""");
        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Equal("queued", Assert.Single(sent.Body.GetProperty("messages").EnumerateArray()).GetProperty("delivery_status").GetString());
        await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync("GET /v1/inbox?to=%2B41791110001")).GetProperty("data").EnumerateArray()
            .Any(message => message.GetProperty("text").GetString() == "[Test] Half price, Ada"));

        var suppressed = await server.PostAsync("/v1/templates/tested:test", """{"to":{"phone":"+41791110002"},"channel":"sms"}""");
        Assert.Equal("suppressed_address", suppressed.Body.GetProperty("messages")[0].GetProperty("reason").GetString());
        Assert.Equal([("/channel", "template_error")], (await server.PostAsync("/v1/templates/tested:test", """{"to":{"email":"a@example.org"},"channel":"email"}""")).Errors);
        Assert.Equal([("/to", "user_or_address")], (await server.PostAsync("/v1/templates/tested:test", """{"to":{},"channel":"sms"}""")).Errors);

        var last = sent;
        for (var n = 0; n < 10 && last.Status == HttpStatusCode.Accepted; n++) last = await server.PostAsync("/v1/templates/tested:test", """{"to":{"user_id":"author-1"},"channel":"sms"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, last.Status);
    }

    private static (string? Text, int Segments, string? Encoding) Sms(Answer answer)
    {
        var channel = answer.Body.GetProperty("channels")[0];
        var size = channel.GetProperty("sms");
        return (channel.GetProperty("content").GetProperty("text").GetString(), size.GetProperty("segments").GetInt32(), size.GetProperty("encoding").GetString());
    }

    private async Task<long> MessagesAsync()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from messages");
    }
}
