using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using NotificationServer.Admin.Identity;
using NotificationServer.Platform;
using NotificationServer.Tests.Admin.Identity;
using NotificationServer.Tests.Support;
using static NotificationServer.Tests.Admin.Pages.Failures.Desk;

namespace NotificationServer.Tests.Admin.Pages.Inbox;

/// Where the server is not a developer's own, what lies in the inbox may open somebody's account.
[Bar("S10", "S01")]
public sealed class LiveInboxTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Code = "Your code is 4711";

    [Fact]
    public async Task Who_may_not_read_what_was_said_does_not_come_in_nor_is_shown_the_way()
    {
        var (message, row) = await GivenAsync("u_closed", "closed@example.org");
        await using var node = Node();
        using var viewer = await ComesAsync(node, Roles.Viewer);
        using var marketer = await ComesAsync(node, Roles.Marketer);

        foreach (var path in new[] { "/admin/inbox", $"/admin/inbox/{row}", $"/admin/inbox/{row}/html", "/admin/inbox?handler=List" })
            Assert.Contains("/admin/denied", await viewer.LeadsToAsync(path), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/admin/inbox\"", await viewer.ReadAsync($"/admin/messages/{message}"), StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/inbox\"", await marketer.ReadAsync($"/admin/messages/{message}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_the_messages_and_each_is_opened_on_its_own_page_with_a_word_in_the_audit_log()
    {
        var (message, row) = await GivenAsync("u_opened", "opened@example.org");
        await using var node = Node();
        using var client = await ComesAsync(node, Roles.Operator);

        foreach (var path in new[] { "/admin/inbox", "/admin/inbox?handler=List", "/admin/inbox?q=opened%40example.org" })
        {
            var list = WebUtility.HtmlDecode(await client.ReadAsync(path));
            Assert.Contains($"href=\"/admin/messages/{message}\"", list, StringComparison.Ordinal);
            Assert.Contains("o…@example.org", list, StringComparison.Ordinal);
            Assert.DoesNotContain("Sign-in code", list, StringComparison.Ordinal);
            Assert.DoesNotContain("4711", list, StringComparison.Ordinal);
            if (!path.Contains("q=", StringComparison.Ordinal)) Assert.DoesNotContain("opened@example.org", list, StringComparison.Ordinal);
        }
        Assert.Equal($"/admin/messages/{message}", await client.LeadsToAsync($"/admin/inbox/{row}"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/admin/inbox/{row}/html")).StatusCode);
        Assert.DoesNotContain(Code, await client.ReadAsync($"/admin/messages/{message}"), StringComparison.Ordinal);

        await client.PostBlindlyAsync($"/admin/messages/{message}?handler=Read",
            ("__RequestVerificationToken", AdminClient.TokenOn(await client.ReadAsync($"/admin/messages/{message}"))));
        using var frame = await client.GetAsync($"/admin/messages/{message}?handler=Mail");
        Assert.Contains(Code, await frame.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await server.AskAsync<int>("select count(*)::integer from audit_log where action = 'message.read' and target = @target", new { target = $"message:{message[4..]}" }));
    }

    [Fact]
    public async Task A_masked_address_is_not_found_piece_by_piece_and_a_whole_one_is_shown_to_marketers()
    {
        await GivenAsync("u_masked", "pieces@example.org");
        await using var node = Node();
        using var operators = await ComesAsync(node, Roles.Operator);
        using var marketer = await ComesAsync(node, Roles.Marketer);

        Assert.Contains("No such message", await operators.ReadAsync("/admin/inbox?q=piece"), StringComparison.Ordinal);
        Assert.Contains("u_masked", await operators.ReadAsync("/admin/inbox?q=Pieces%40example.org"), StringComparison.Ordinal);
        Assert.Contains("u_masked", await operators.ReadAsync("/admin/inbox?q=u_mask"), StringComparison.Ordinal);
        var whole = await marketer.ReadAsync("/admin/inbox?q=piece");
        Assert.Contains(">pieces@example.org<", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign-in code", whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_leads_to_a_page_that_is_there()
    {
        await using var node = Node();
        using var live = await ComesAsync(node, Roles.Viewer);
        using var own = await server.SignedInAsync();

        var page = await live.ReadAsync("/admin/messages");
        Assert.DoesNotContain("href=\"/docs\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/openapi/v1.json\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await live.GetAsync("/openapi/v1.json")).StatusCode);
        Assert.Contains("href=\"/docs\"", await own.ReadAsync("/admin/messages"), StringComparison.Ordinal);
    }

    private async Task<(string Message, Guid Row)> GivenAsync(string user, string address)
    {
        var message = await server.GivenWaitingAsync(new Said(user, address, "email", Code));
        var row = await new Seed("email", address, Subject: "Sign-in code", Text: Code, Html: $"<p>{Code}</p>").IntoAsync(server.Db);
        Assert.True(PrefixedId.TryParse("msg", message, out var id));
        await server.AskAsync<int>("update inbox set message_id = @id where id = @row", new { id, row = row.Id });
        return (message, row.Id);
    }

    private AdminServer.Host Node() => server.AnotherNode("Production", ("Admin:RequireSecondFactor", "nobody"));

    private async Task<AdminClient> ComesAsync(AdminServer.Host node, string role)
    {
        var email = $"live.{role.ToLowerInvariant()}.{Guid.CreateVersion7():N}@example.org";
        await server.AddAsync(email, role);
        var client = new AdminClient(node.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false }));
        Assert.Equal("/admin", (await client.SignInAsync(email, Colleagues.Password)).Headers.Location?.ToString());
        return client;
    }
}
