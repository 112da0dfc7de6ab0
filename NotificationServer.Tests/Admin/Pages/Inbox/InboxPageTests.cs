using System.Text.RegularExpressions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Inbox;

public sealed class InboxPageTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task It_shows_the_newest_first_and_the_rest_page_by_page()
    {
        for (var n = 0; n < 51; n++) await new Seed("sms", "+41790000001", Text: $"paged number {n:00}.", SecondsAgo: 3600 - n).IntoAsync(server.Db);
        using var client = await server.SignedInAsync();

        var first = await client.ReadAsync("/admin/inbox?q=%2B41790000001");
        Assert.Equal(50, Regex.Count(first, "row-words[^>]*>paged number"));
        Assert.True(first.IndexOf("paged number 50.", StringComparison.Ordinal) < first.IndexOf("paged number 49.", StringComparison.Ordinal));

        var older = Regex.Match(first, "href=\"([^\"]+before=[^\"]+)\">Older").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        var second = await client.ReadAsync(older);
        Assert.Equal(1, Regex.Count(second, "row-words[^>]*>paged number"));
        Assert.Contains("paged number 00.", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_filtered_by_channel_and_by_address()
    {
        await new Seed("sms", "+41790000002", Text: "filter-sms").IntoAsync(server.Db);
        await new Seed("ios_push", "token_50%", Title: "filter-push").IntoAsync(server.Db);
        await new Seed("ios_push", "tokenX500", Title: "filter-other").IntoAsync(server.Db);
        using var client = await server.SignedInAsync();

        var push = await client.ReadAsync("/admin/inbox?channel=push");
        Assert.Contains("filter-push", push, StringComparison.Ordinal);
        Assert.DoesNotContain("filter-sms", push, StringComparison.Ordinal);

        var literal = await client.ReadAsync("/admin/inbox?q=n_50%25");
        Assert.Contains("filter-push", literal, StringComparison.Ordinal);
        Assert.DoesNotContain("filter-other", literal, StringComparison.Ordinal);

        Assert.Contains("No such message", await client.ReadAsync("/admin/inbox?channel=fax"), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S26")]
    public async Task A_mail_is_shown_in_a_document_that_can_do_nothing()
    {
        var hostile = await new Seed("email", "ada@example.org", Subject: "<img src=x onerror=alert(1)>", Html: "<script>alert(1)</script>").IntoAsync(server.Db);
        using var client = await server.SignedInAsync();

        var page = await client.ReadAsync($"/admin/inbox/{hostile.Id}");
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.Contains("<iframe class=\"mail\" sandbox ", page, StringComparison.Ordinal);

        var body = await client.GetAsync($"/admin/inbox/{hostile.Id}/html");
        Assert.Equal("<script>alert(1)</script>", await body.Content.ReadAsStringAsync());
        Assert.StartsWith("sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline';",
            body.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_alone_is_sent_only_when_something_is_new()
    {
        var newest = await new Seed("sms", "+41790000003", Text: "live").IntoAsync(server.Db);
        using var client = await server.SignedInAsync();

        var nothing = await client.GetAsync($"/admin/inbox?handler=List&q=%2B41790000003&newest={newest.Id}");
        Assert.Equal(204, (int)nothing.StatusCode);

        await new Seed("sms", "+41790000003", Text: "newer").IntoAsync(server.Db);
        var list = await client.ReadAsync($"/admin/inbox?handler=List&q=%2B41790000003&newest={newest.Id}");
        Assert.Contains("newer", list, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_there_is_a_page_that_says_so()
    {
        using var client = await server.SignedInAsync();
        Assert.Equal(404, (int)(await client.GetAsync($"/admin/inbox/{Guid.CreateVersion7()}")).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync("/admin/inbox/nonsense")).StatusCode);
    }
}
