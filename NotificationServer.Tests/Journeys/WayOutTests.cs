using System.Text.Json;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// Every marketing mail carries a way out, and the link in it works.
public sealed class WayOutTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_marketing_mail_carries_the_one_click_headers_and_posting_there_ends_such_mails()
    {
        await server.GivenUserAsync("w1", """{"email":"w1@example.org","locale":"de"}""");
        var headers = (await ArrivedAsync("w1@example.org", """{"to":[{"user_id":"w1"}],"category":"offers"}""")).GetProperty("headers");
        Assert.Equal("List-Unsubscribe=One-Click", headers.GetProperty("List-Unsubscribe-Post").GetString());
        var link = headers.GetProperty("List-Unsubscribe").GetString()!.Trim('<', '>'); // said above

        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var said = await server.ClientFor(null).PostAsync(new Uri(link), form);

        Assert.Contains("abgemeldet", await said.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var next = await server.Client.JsonAsync("POST /v1/notifications", """{"to":[{"user_id":"w1"}],"channels":["email"],"category":"offers","content":{"subject":"Hello","text":"There"}}""");
        Assert.Equal("category_opted_out", next.GetProperty("messages")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_mail_that_was_asked_for_carries_none() =>
        Assert.False((await ArrivedAsync("w2@example.org", """{"to":[{"email":"w2@example.org"}],"category":"orders"}""")).TryGetProperty("headers", out _));

    [Fact]
    public async Task A_template_may_show_both_links_without_the_caller_giving_them_or_changing_them()
    {
        await server.Client.JsonAsync("POST /v1/templates",
            """{"key":"w3","name":"News","category":"offers","channels":{"email":{"subject":"News","html":"<a href=\"{{unsubscribe_url}}\">out</a> <a href=\"{{preferences_url}}\">choose</a>"}}}""");
        await server.Client.JsonAsync("POST /v1/templates/w3:publish", """{"version":1}""");

        await ArrivedAsync("w3@example.org", """{"to":[{"email":"w3@example.org"}],"template":"w3","data":{"unsubscribe_url":"https://evil.example"}}""");

        var html = await server.Database.Source.AskAsync<string>("select html from inbox where address = 'w3@example.org'");
        Assert.Matches("<a href=\"http://[^\"]+/u/[A-Za-z0-9_-]{60,}\">out</a> <a href=\"http://[^\"]+/p/[A-Za-z0-9_-]{60,}\">choose</a>", html);
    }

    /// What the vendor would have been told beside the words.
    private async Task<JsonElement> ArrivedAsync(string address, string request)
    {
        var body = request.Contains("template", StringComparison.Ordinal) ? request : request[..^1] + ""","channels":["email"],"content":{"subject":"Hello","text":"There"}}""";
        await server.Client.JsonAsync("POST /v1/notifications", body);
        string? payload = null;
        await Eventually.IsTrueAsync(async () =>
            (payload = await server.Database.Source.AskAsync<string>("select coalesce(payload::text, '{}') from inbox where address = @address", new { address })) is not null);
        return JsonDocument.Parse(payload!).RootElement; // waited for
    }
}
