using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Admin.Identity;
using static NotificationServer.Tests.Admin.Pages.Failures.Desk;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Failures;

public sealed partial class FailurePageTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Equal_failures_are_told_once_and_found_by_their_words_by_whom_they_were_for_and_by_template()
    {
        await server.GivenFailedAsync("the dove is asleep in house 1", new Said("u_dove1", "+15550201", Template: "doves"), new Said("u_dove2", "+15550202"));
        await server.GivenFailedAsync("the dove is asleep in house 2", new Said(null, "+15550203"));
        using var client = await server.SignedInAsync();

        var all = await client.ReadAsync("/admin/failures");
        Assert.Contains("the dove is asleep in house &lt;n&gt;", all, StringComparison.Ordinal);
        Assert.Equal("3", WaitingOf(await client.ReadAsync("/admin/failures?q=dove+IS")));
        Assert.Equal("1", WaitingOf(await client.ReadAsync("/admin/failures?recipient=u_dove2")));
        Assert.Equal("1", WaitingOf(await client.ReadAsync("/admin/failures?recipient=%2B15550203")));
        Assert.Equal("1", WaitingOf(await client.ReadAsync("/admin/failures?template=doves")));
        Assert.Equal("3", WaitingOf(await client.ReadAsync("/admin/failures?q=dove&age=hour&channel=sms&provider=postbird&sort=total")));
        foreach (var nothing in new[] { "q=eagle", "recipient=nobody", "channel=email", "channel=fax", "template=eagles", "to=2020-01-01T00:00:00Z", "q=%00", "state=muted&q=dove", "cursor=x" })
        {
            using var page = await client.GetAsync($"/admin/failures?{nothing}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            if (!nothing.Contains("%00", StringComparison.Ordinal) && nothing != "cursor=x") Assert.Contains("No such failure", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Bar("S10")]
    public async Task A_group_says_what_to_do_and_shows_an_operator_no_whole_address()
    {
        var message = Assert.Single(await server.GivenFailedAsync("the crow refused", new Said(null, "+15550211")));
        using var client = await server.SignedInAsAsync(Roles.Operator);

        var page = await client.ReadAsync(await GroupAsync(client, "crow"));

        Assert.Contains("postbird refused them for good.", page, StringComparison.Ordinal);
        Assert.Contains($"/admin/messages/{message}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("15550211", page, StringComparison.Ordinal);
        Assert.Contains($"name=\"ids\" value=\"{message}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_it_all_and_decides_nothing()
    {
        var message = Assert.Single(await server.GivenFailedAsync("the owl looked on", new Said(null, "+15550221")));
        using var client = await server.SignedInAsAsync(Roles.Viewer);
        var group = await GroupAsync(client, "owl");

        var page = await client.ReadAsync(group);
        Assert.DoesNotContain("Requeue", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<input type=\"checkbox\"", page, StringComparison.Ordinal);

        foreach (var (path, handler) in new[] { ($"/admin/failures/requeue?ids={message}", ""), ($"/admin/failures/discard?ids={message}", ""), (group, "Mute"), ($"/admin/messages/{message}", "Requeue"), ($"/admin/messages/{message}", "Read") })
        {
            using var refused = await client.PostAsync(path, handler, ("Reason", "because"), ("Shown", "200/"), ("Rate", "200"));
            Assert.Contains("/admin/denied", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
        Assert.Equal("failed", await server.StateOfAsync(message));
    }

    [Fact]
    public async Task What_will_happen_is_said_in_numbers_done_and_undone()
    {
        var messages = await server.GivenFailedAsync("the swan sang", new Said("u_swan1", "+15550231"), new Said("u_swan2", "+15550232"), new Said("u_swan3", "+15550233"));
        using var client = await server.SignedInAsAsync(Roles.Operator);
        var group = await GroupAsync(client, "swan");
        var confirm = WebUtility.HtmlDecode(Confirm().Match(await client.ReadAsync(group)).Groups[1].Value);

        var asked = await client.ReadAsync(confirm);
        Assert.Contains("Requeue 3 messages at 200 a second: about 1 s.", asked, StringComparison.Ordinal);
        Assert.Contains("SMS is paused (so that it stays put)", asked, StringComparison.Ordinal);

        // Another rate than was shown: it is said again before it is done. And why has to be said.
        var again = await (await client.PostAsync(confirm, ("Reason", "repaired"), ("Shown", "200/"), ("Rate", "1"))).Content.ReadAsStringAsync();
        Assert.Contains("Requeue 3 messages at 1 a second: about 3 s.", again, StringComparison.Ordinal);
        Assert.Contains("Say why", await (await client.PostAsync(confirm, ("Reason", " "), ("Shown", "200/"), ("Rate", "200"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("There is no such account", await (await client.PostAsync(confirm, ("Reason", "x"), ("Shown", "200/nobody"), ("Rate", "200"), ("Through", "nobody"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("failed", await server.StateOfAsync(messages[0]));

        using var started = await client.PostAsync(confirm, ("Reason", "repaired"), ("Shown", "/"), ("Rate", ""));
        await client.UntilDoneAsync(started.Headers.Location);
        var operation = started.Headers.Location!.OriginalString; // where it is followed
        Assert.Contains("3 messages not sent yet go back", await client.ReadAsync(operation), StringComparison.Ordinal);
        Assert.Equal("queued", await server.StateOfAsync(messages[2]));
        Assert.Contains("Nothing that waits for a decision fits.", await client.ReadAsync(confirm), StringComparison.Ordinal);

        using var undone = await client.PostAsync(operation, "Undo", ("Reason", "not repaired"));
        await client.UntilDoneAsync(undone.Headers.Location);
        Assert.Equal("failed", await server.StateOfAsync(messages[2]));
        Assert.Contains("Undone by", await client.ReadAsync(operation), StringComparison.Ordinal);
        var list = await client.ReadAsync("/admin/operations");
        Assert.Contains("Requeue 3 messages", list, StringComparison.Ordinal);
        Assert.Contains("Undo: put 3 messages back", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_ticked_is_nothing_and_not_everything()
    {
        await server.GivenFailedAsync("the rook cawed", new Said(null, "+15550251"));
        using var client = await server.SignedInAsync();

        Assert.Contains("Nothing that waits for a decision fits.", await client.ReadAsync("/admin/failures/requeue?chosen=true"), StringComparison.Ordinal);
        Assert.Contains("Nothing that waits for a decision fits.", await client.ReadAsync("/admin/failures/discard?ids=x"), StringComparison.Ordinal);
        Assert.Contains("Requeue", await client.ReadAsync("/admin/failures/requeue"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_muted_with_a_reason_and_shown_again()
    {
        await server.GivenFailedAsync("the wren hid", new Said(null, "+15550241"));
        using var client = await server.SignedInAsAsync(Roles.Operator);
        var group = await GroupAsync(client, "wren");

        using var without = await client.PostAsync(group, "Mute", ("Reason", ""));
        Assert.Contains("Say why", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var muted = await client.PostAsync(group, "Mute", ("Reason", "known"));
        Assert.Equal(HttpStatusCode.Found, muted.StatusCode);

        Assert.Contains("No such failure", await client.ReadAsync("/admin/failures?q=wren"), StringComparison.Ordinal);
        Assert.Contains("known", await client.ReadAsync("/admin/failures?q=wren&state=muted"), StringComparison.Ordinal);
        using var open = await client.PostAsync(group, "Open");
        Assert.Equal("1", WaitingOf(await client.ReadAsync("/admin/failures?q=wren")));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        using var client = await server.SignedInAsync();
        foreach (var path in new[] { "/admin/failures/aaaaaaaaaaaaaaaaaaaaaaaa", "/admin/failures/other", $"/admin/operations/op_{Guid.CreateVersion7():N}", "/admin/operations/x", "/admin/messages/x", $"/admin/messages/msg_{Guid.CreateVersion7():N}" })
        {
            using var page = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        }
    }

    private static async Task<string> GroupAsync(AdminClient client, string words) =>
        WebUtility.HtmlDecode(Group().Match(await client.ReadAsync($"/admin/failures?q={words}")).Groups[1].Value);

    private static string WaitingOf(string page) => Waiting().Match(page).Groups[1].Value;

    [GeneratedRegex("""row-link" href="([^"]+)""")]
    private static partial Regex Group();

    [GeneratedRegex("""data-label="Wait" class="number"><strong>([^<]+)""")]
    private static partial Regex Waiting();

    [GeneratedRegex("""primary" href="([^"]+)">Requeue all""")]
    private static partial Regex Confirm();
}
