using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

/// The page of a campaign that is under way, and what can be done to it there, without scripts.
public sealed class ReportTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task It_is_paused_slowed_down_and_resumed_where_it_is_watched()
    {
        var made = await server.Db.GivenCampaignAsync("Winter", phase: "sending", audience: 1000, expanded: 0);
        var path = $"/admin/campaigns/{made.Id}";
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        Assert.Contains("0 of 1,000 people have been dealt with.", WebUtility.HtmlDecode(await marketer.ReadAsync(path)), StringComparison.Ordinal);

        await marketer.PostForPlaceAsync($"{path}?handler=Pause", ("Reason", "the price is wrong"));
        var paused = await marketer.ReadAsync(path);
        Assert.Contains("the price is wrong", paused, StringComparison.Ordinal);
        Assert.Contains("Resume", paused, StringComparison.Ordinal);

        Assert.Contains("use a number from 1", await marketer.PostForTextAsync($"{path}?handler=Throttle", ("PerMinute", "0")), StringComparison.Ordinal);
        await marketer.PostForPlaceAsync($"{path}?handler=Throttle", ("PerMinute", "50"));
        Assert.Contains("at most 50 people a minute", await marketer.ReadAsync(path), StringComparison.Ordinal);

        await marketer.PostForPlaceAsync($"{path}?handler=Resume");
        Assert.DoesNotContain("the price is wrong", await marketer.ReadAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_cancelled_where_it_is_watched_and_stays_so()
    {
        var made = await server.Db.GivenCampaignAsync("Winter", phase: "sending", audience: 1000, expanded: 0);
        var path = $"/admin/campaigns/{made.Id}";
        using var marketer = await server.ColleagueAsync(Roles.Marketer);

        await marketer.PostForPlaceAsync($"{path}?handler=Cancel", ("Reason", "too late"));
        Assert.Matches("(Being cancelled|Cancelled)", await marketer.ReadAsync(path));
        Assert.Contains("Nothing was changed", await marketer.PostForTextAsync($"{path}?handler=Resume"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_looks_has_no_buttons_and_no_file()
    {
        var made = await server.Db.GivenCampaignAsync("Winter", phase: "sending", audience: 10);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);
        using var marketer = await server.ColleagueAsync(Roles.Marketer);

        Assert.DoesNotContain("Pause…", WebUtility.HtmlDecode(await viewer.ReadAsync($"/admin/campaigns/{made.Id}")), StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, (await viewer.GetAsync($"/admin/campaigns/{made.Id}/recipients?handler=Csv")).StatusCode);
        using var file = await marketer.GetAsync($"/admin/campaigns/{made.Id}/recipients?handler=Csv");
        Assert.Equal("text/csv", file.Content.Headers.ContentType?.MediaType);
        Assert.Contains("user_id,message_id", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await server.Db.CountAsync("select count(*) from audit_log where action = 'campaign.export' and target = 'campaign:' || @id", new { id = made.Campaign.ToString("N") }));
    }

    [Fact]
    public async Task From_the_figures_of_what_people_did_to_the_people()
    {
        var made = await server.Db.GivenCampaignAsync("Winter", phase: "sending", audience: 10);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);

        Assert.Contains($"/admin/campaigns/{made.Id}/recipients?did=opened", WebUtility.HtmlDecode(await viewer.ReadAsync($"/admin/campaigns/{made.Id}")), StringComparison.Ordinal);
        var list = WebUtility.HtmlDecode(await viewer.ReadAsync($"/admin/campaigns/{made.Id}/recipients?did=not_opened&locale=none"));
        Assert.Matches("<option(?=[^>]* selected)[^>]* value=\"not_opened\"[^>]*>Sent, not opened", list);
        Assert.Contains("None known", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_was_not_launched_is_still_a_plan()
    {
        var made = await server.Db.GivenCampaignAsync("Winter", phase: "sending", audience: 10);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);

        foreach (var path in new[] { "cmp_nothing", $"cmp_{Guid.CreateVersion7():N}", $"{made.Id}?run=run_{Guid.CreateVersion7():N}", $"{made.Id}/recipients?run=nonsense" })
            Assert.Equal(HttpStatusCode.NotFound, (await viewer.GetAsync($"/admin/campaigns/{path}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync($"/admin/campaigns/{made.Id}/recipients?status=%00&channel=nothing&did=nothing&locale=%00&person=%00&cursor=%00")).StatusCode);
    }
}
