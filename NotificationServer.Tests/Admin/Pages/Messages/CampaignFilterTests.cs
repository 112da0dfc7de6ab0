using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;
using static NotificationServer.Tests.Admin.Pages.Failures.Desk;

namespace NotificationServer.Tests.Admin.Pages.Messages;

/// What went out with a campaign, seen where messages, failures and people are looked at.
public sealed partial class CampaignFilterTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Messages_are_listed_by_campaign_whichever_run_they_are_of_and_whatever_else_is_asked()
    {
        var first = await server.Db.GivenCampaignAsync("Harvest & more");
        var second = await server.Db.AgainAsync(first);
        var other = await server.Db.GivenCampaignAsync("Frost");
        var (ann, bea) = (await server.GivenWaitingAsync(new Said("u_ann", "ann@example.org", "email")), await server.GivenWaitingAsync(new Said("u_bea", "bea@example.org", "email")));
        var stray = await server.GivenWaitingAsync(new Said("u_ann", "ann@example.org", "email"));
        await server.Db.BelongAsync(first, ann);
        await server.Db.BelongAsync(second, bea);
        await server.Db.BelongAsync(other, stray);
        using var client = await server.SignedInAsync();

        foreach (var (asked, found) in new (string, string[])[]
        {
            ("", [bea, ann]), ("&q=u_ann", [ann]), ("&q=u_bea", [bea]), ("&channel=sms", []), ("&channel=email", [bea, ann]), ("&state=sent", []), ("&template=x", []),
        })
        {
            var page = await client.ReadAsync($"/admin/messages?campaign={first.Id}{asked}");
            Assert.True(Rows().Matches(page).Select(row => row.Groups[1].Value).SequenceEqual(found), asked);
        }
        foreach (var state in new[] { "ready", "scheduled", "retrying", "processing" })
        {
            var live = Rows().Matches(await client.ReadAsync($"/admin/messages?campaign={first.Id}&state={state}")).Select(row => row.Groups[1].Value);
            Assert.Equal(state == "ready" ? [ann, bea] : [], live.Order(StringComparer.Ordinal));
        }
        var told = WebUtility.HtmlDecode(await client.ReadAsync($"/admin/messages?campaign={first.Id}"));
        Assert.Contains("The messages of the campaign “Harvest & more”, the newest first.", told, StringComparison.Ordinal);
        Assert.Contains("name=\"campaign\"", told, StringComparison.Ordinal);
        foreach (var nothing in new[] { "cmp_1", $"cmp_{Guid.CreateVersion7():N}", "%00" })
            Assert.Empty(Rows().Matches(await client.ReadAsync($"/admin/messages?campaign={nothing}&state=ready")));
    }

    [Fact]
    public async Task A_list_of_a_campaign_goes_on_from_page_to_page()
    {
        var campaign = await server.Db.GivenCampaignAsync("Many");
        var all = new List<string>();
        for (var n = 0; n < 52; n++) all.Add(await server.GivenWaitingAsync(new Said("u_crowd", "crowd@example.org", "email")));
        await server.Db.BelongAsync(campaign, all);
        using var client = await server.SignedInAsync();

        var first = await client.ReadAsync($"/admin/messages?campaign={campaign.Id}");
        var more = WebUtility.HtmlDecode(Older().Match(first).Groups[1].Value);
        var second = await client.ReadAsync(more);

        Assert.Contains($"campaign={campaign.Id}", more, StringComparison.Ordinal);
        Assert.Equal(all.AsEnumerable().Reverse(), Rows().Matches(first + second).Select(row => row.Groups[1].Value));
    }

    [Fact]
    public async Task A_message_and_a_person_lead_to_the_campaign()
    {
        var campaign = await server.Db.GivenCampaignAsync("Spring <sale>");
        var message = await server.GivenWaitingAsync(new Said("u_spring", "spring@example.org", "email"));
        await server.Db.BelongAsync(campaign, message);
        using var client = await server.SignedInAsync();

        foreach (var page in new[] { $"/admin/messages/{message}", "/admin/users/u_spring?tab=messages" })
            Assert.Contains($"href=\"/admin/campaigns/{campaign.Id}\">Spring &lt;sale&gt;</a>", await client.ReadAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_of_a_campaign_is_found_and_requeued_without_the_rest()
    {
        var campaign = await server.Db.GivenCampaignAsync("Finch");
        var failed = await server.GivenFailedAsync("the finch has flown", new Said("u_f1", "+15550701"), new Said("u_f2", "+15550702"), new Said("u_f3", "+15550703"));
        await server.Db.BelongAsync(campaign, failed[0], failed[2]);
        using var client = await server.SignedInAsAsync(Roles.Operator);

        var list = await client.ReadAsync($"/admin/failures?campaign={campaign.Id}");
        Assert.Contains("Finch", list, StringComparison.Ordinal);
        var group = WebUtility.HtmlDecode(Group().Match(list).Groups[1].Value);
        Assert.Contains($"campaign={campaign.Id}", group, StringComparison.Ordinal);
        var letters = await client.ReadAsync(group);
        Assert.Equal([failed[2], failed[0]], Letters().Matches(letters).Select(row => row.Groups[1].Value));
        Assert.Contains($"Requeue all 2", letters, StringComparison.Ordinal);
        Assert.Equal([failed[2], failed[0]], Rows().Matches(await client.ReadAsync($"/admin/messages?state=failed&campaign={campaign.Id}")).Select(row => row.Groups[1].Value));
        Assert.Contains("No such failure", await client.ReadAsync("/admin/failures?campaign=cmp_1"), StringComparison.Ordinal);
        Assert.Contains("Nothing that waits for a decision fits", await client.ReadAsync("/admin/failures/requeue?campaign=cmp_1"), StringComparison.Ordinal);

        using var started = await client.PostAsync($"/admin/failures/requeue?campaign={campaign.Id}&rate=200", "", ("Reason", "the nest is mended"), ("Shown", "200/"), ("Rate", "200"));
        await client.UntilDoneAsync(started.Headers.Location);

        Assert.Equal(["queued", "failed", "queued"], [await server.StateOfAsync(failed[0]), await server.StateOfAsync(failed[1]), await server.StateOfAsync(failed[2])]);
    }

    [GeneratedRegex("class=\"row-link\" href=\"/admin/messages/(msg_[0-9a-f]{32})\"")]
    private static partial Regex Rows();

    [GeneratedRegex("""href="([^"]+)">More""")]
    private static partial Regex Older();

    [GeneratedRegex("class=\"row-link\" href=\"(/admin/failures/[^\"]+)\"")]
    private static partial Regex Group();

    [GeneratedRegex("name=\"ids\" value=\"(msg_[0-9a-f]{32})\"")]
    private static partial Regex Letters();
}
