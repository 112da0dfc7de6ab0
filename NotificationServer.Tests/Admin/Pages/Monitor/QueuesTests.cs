using System.Net;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

public sealed class QueuesTests(MonitorServer server) : IClassFixture<MonitorServer>
{
    [Fact]
    public async Task Every_figure_of_a_lane_is_there_and_leads_to_its_rows()
    {
        await server.GivenWaitingAsync("email", 4, TimeSpan.FromSeconds(5), lane: 2);
        await server.GivenWaitingAsync("email", 3, TimeSpan.FromHours(-1), lane: 2);
        await server.GivenWaitingAsync("email", 2, TimeSpan.FromMinutes(-5), lane: 2, failures: 2);
        await server.GivenFailedAsync("email", "sendgrid", "beef", "The mailbox is full.", 6);

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/queues"));

        foreach (var (state, lane, figure) in new[] { ("ready", "bulk", 4), ("scheduled", "bulk", 5), ("processing", "bulk", 0), ("retrying", "bulk", 2), ("failed", "transactional", 6) })
            Assert.Matches($"/admin/messages\\?channel=email&lane={lane}&state={state}\">{figure}<", page);
    }

    [Fact]
    public async Task A_channel_is_paused_for_a_reason_and_a_time_and_runs_again()
    {
        await server.GivenWaitingAsync("web_push", 7, TimeSpan.FromSeconds(1));
        using var client = await server.SignedInAsAsync(Roles.Operator);
        Assert.Contains("7 messages wait to be sent and will go on waiting.", await client.ReadAsync("/admin/queues/web_push"), StringComparison.Ordinal);

        using var paused = await client.PostAsync("/admin/queues/web_push?handler=Pause", ("reason", "the vendor asked for it"), ("minutes", "30"));
        Assert.Equal((302, "/admin/queues/web_push"), ((int)paused.StatusCode, paused.Headers.Location?.OriginalString));

        var held = WebUtility.HtmlDecode(await client.ReadAsync("/admin/queues/web_push"));
        Assert.Contains("Web push is paused", held, StringComparison.Ordinal);
        Assert.Contains("the vendor asked for it", held, StringComparison.Ordinal);
        Assert.Contains("It runs again by itself", held, StringComparison.Ordinal);
        Assert.Contains("is held", await client.ReadAsync("/admin/queues"), StringComparison.Ordinal);

        using var resumed = await client.PostAsync("/admin/queues?handler=Resume", ("channel", "web_push"), ("reason", ""));
        Assert.Equal(302, (int)resumed.StatusCode);
        Assert.Equal(2, await server.ScalarAsync<int>("select count(*) from audit_log where target = 'channel:web_push' and actor like 'staff:Operator-%' and action in ('channel.pause', 'channel.resume')"));
        Assert.Equal(0, await server.ScalarAsync<int>("select count(*) from queue_switches where name = 'web_push'"));
    }

    [Fact]
    public async Task A_pause_without_a_reason_changes_nothing_and_says_so()
    {
        using var client = await server.SignedInAsync();

        using var refused = await client.PostAsync("/admin/queues?handler=Pause", ("channel", "ios_push"), ("reason", " "), ("minutes", "60"));
        using var none = await client.PostAsync("/admin/queues?handler=Pause", ("channel", "pigeon"), ("reason", "x"));

        Assert.Contains("Nothing was changed.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (int)none.StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync("/admin/queues/pigeon")).StatusCode);
        Assert.Equal(0, await server.ScalarAsync<int>("select count(*) from queue_switches where name = 'ios_push'"));
    }

    [Theory]
    [InlineData("/admin/queues?handler=Pause")]
    [InlineData("/admin/queues/sms?handler=Drain")]
    [InlineData("/admin/queues/sms?handler=PauseAccount")]
    [InlineData("/admin/maintenance?handler=Run")]
    public async Task A_viewer_looks_and_changes_nothing(string path)
    {
        using var viewer = await server.SignedInAsAsync(Roles.Viewer);
        Assert.Equal(200, (int)(await viewer.GetAsync(path.Split('?')[0])).StatusCode);
        Assert.DoesNotContain("show-modal\" commandfor=\"pause", await viewer.ReadAsync("/admin/queues/sms"), StringComparison.Ordinal);

        using var refused = await viewer.PostAsync(path, ("channel", "sms"), ("account", "twilio"), ("reason", "x"), ("chore", "Rescuer"));

        Assert.Contains("/admin/denied", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(0, await server.ScalarAsync<int>("select count(*) from queue_switches where name in ('sms', 'twilio') and reason = 'x'"));
    }

    [Fact]
    public async Task A_channel_tells_why_it_is_slow_by_waits_accounts_and_its_oldest_messages()
    {
        await server.GivenWaitingAsync("sms", 5, TimeSpan.FromMinutes(3));
        await server.GivenClosedAccountAsync("twilio", "5 calls in a row without an answer: timeout", TimeSpan.FromMinutes(3));
        await server.ExecuteAsync("insert into queue_history (at, channel, lane, came, went, failed) values (date_bin('10 minutes', now() - interval '2 days', 'epoch'), 'sms', 1, 9071, 9070, 3)");

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/queues/sms"));

        Assert.Contains("SMS is stuck: Twilio has not answered since", page, StringComparison.Ordinal);
        Assert.Matches("1 to 10 min</th>\\s*<td><meter[^>]*></meter></td>\\s*<td class=\"number\">5<", page);
        Assert.Contains("9,071", page, StringComparison.Ordinal);
        Assert.Equal(5, page.Split("/admin/messages/msg_").Length - 1);

        using var paused = await client.PostAsync("/admin/queues/sms?handler=PauseAccount", ("account", "twilio"), ("reason", "the vendor is down"));
        Assert.Contains("SMS is stuck: Twilio is paused since", await client.ReadAsync("/admin/queues/sms"), StringComparison.Ordinal);
        using var resumed = await client.PostAsync("/admin/queues/sms?handler=ResumeAccount", ("account", "twilio"));
        Assert.Equal(0, await server.ScalarAsync<int>("select count(*) from queue_switches where name = 'twilio'"));
    }
}
