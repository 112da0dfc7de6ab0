using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

public sealed class OverviewTests : IAsyncLifetime
{
    private readonly MonitorServer server = new();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task It_says_that_all_is_well_then_what_is_wrong_since_when_and_for_how_many()
    {
        using var client = await server.SignedInAsync();
        Assert.Contains("All is well: nothing waits to be sent.", await client.ReadAsync("/admin"), StringComparison.Ordinal);

        await server.GivenWaitingAsync("email", 3, TimeSpan.FromSeconds(1));
        var moving = await client.ReadAsync("/admin");
        Assert.Contains("All queues are moving; the oldest message has waited", moving, StringComparison.Ordinal);

        await server.GivenWaitingAsync("sms", 1204, TimeSpan.FromMinutes(12));
        await server.GivenClosedAccountAsync("twilio", "misconfigured: Authenticate", TimeSpan.FromMinutes(12));
        var since = await server.ScalarAsync<string>("select to_char(opened_at at time zone 'UTC', 'HH24:MI') from provider_gates where account = 'twilio'");
        var red = WebUtility.HtmlDecode(await client.ReadAsync("/admin"));

        Assert.Contains($"SMS is stuck: Twilio has refused our credentials since {since} UTC (1,204 messages wait).", red, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/queues/sms\"", red, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/providers/twilio\"", red, StringComparison.Ordinal);
        Assert.Contains("Left alone", red, StringComparison.Ordinal);
        Assert.DoesNotContain("E-mail is", red, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_fail_in_a_new_way_are_one_click_from_their_group_and_one_from_being_requeued()
    {
        await server.GivenFailedAsync("sms", "twilio", "f00d", "The number is not reachable.", 120);

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin"));
        using var viewer = await server.SignedInAsAsync(Roles.Viewer);
        var looked = WebUtility.HtmlDecode(await viewer.ReadAsync("/admin"));

        Assert.Contains("120 messages failed in a new way", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/failures/f00d\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/failures/requeue?fingerprint=f00d\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/failures/f00d\"", looked, StringComparison.Ordinal);
        Assert.DoesNotContain("/admin/failures/requeue", looked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaigns_on_their_way_are_shown_with_how_far_they_are_and_those_that_paused_themselves_with_why()
    {
        using var client = await server.SignedInAsync();
        Assert.DoesNotContain("Campaigns on their way", await client.ReadAsync("/admin"), StringComparison.Ordinal);

        var going = await server.Db.GivenCampaignAsync("Harvest", "sending", audience: 1_000_000, expanded: 412_000);
        var held = await server.Db.GivenCampaignAsync("Frost", "sending", "24% of 1,200 messages failed", audience: 50_000, expanded: 1_200);
        await server.Db.GivenCampaignAsync("Long ago");
        await server.ExecuteAsync($$"""
            insert into alerts (kind, key, detail) values ('campaign_paused', 'run_{{held.Run:N}}', '{"campaign_id":"{{held.Id}}","name":"Frost","reason":"24% of 1,200 messages failed"}')
            """);
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin"));

        Assert.Contains("412,000 of 1,000,000 people", page, StringComparison.Ordinal);
        Assert.Contains("held: 24% of 1,200 messages failed", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/admin/campaigns/{going.Id}\">Harvest</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Long ago", page, StringComparison.Ordinal);
        Assert.Contains("A campaign paused itself: Frost.", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/admin/campaigns/{held.Id}\"", await client.ReadAsync("/admin/alerts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Books_that_differ_and_a_node_that_died_are_told_with_the_way_to_them()
    {
        // The check at the start finds that they balance, and would clear it.
        await Eventually.IsTrueAsync(async () => await server.ScalarAsync<bool>("select exists (select from chores where name = 'BalanceSweep')"));
        await server.ExecuteAsync("""
            insert into alerts (kind, key, detail) values ('accepted_not_accounted_for', 'all', '{"expected":1200,"found":1198,"messages":[]}');
            insert into nodes (name, roles, version, started_at, seen_at) values ('sender-9', '{worker}', '1.0.0', now() - interval '1 day', now() - interval '3 minutes');
            """);

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin"));

        Assert.Contains("The books do not balance: 1,200 messages were accepted, 1,198 are accounted for.", page, StringComparison.Ordinal);
        Assert.Contains("1 more thing needs a look.", page, StringComparison.Ordinal);
        Assert.Contains("sender-9 has been silent for 3 min without saying good-bye.", page, StringComparison.Ordinal);
    }
}
