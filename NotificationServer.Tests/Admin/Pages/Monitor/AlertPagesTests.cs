using System.Net;
using System.Text.RegularExpressions;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

/// An operator mutes an alert with a reason and an end, and sets from when on something is one.
public sealed class AlertPagesTests(MonitorServer server) : IClassFixture<MonitorServer>
{
    [Fact]
    public async Task An_alert_is_muted_with_a_reason_and_an_end_and_unmuted_again()
    {
        var id = await server.ScalarAsync<Guid>("insert into alerts (kind, key, detail) values ('webhook_disabled', 'whe_mute', '{\"reason\":\"gone\",\"client\":\"shop\",\"host\":\"old.example.org\"}') returning id");
        using var client = await server.SignedInAsync();

        using var refused = await client.PostAsync("/admin/alerts?handler=Mute", ("alert", id.ToString()), ("minutes", "60"), ("reason", " "));
        Assert.Contains("Say why", WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        using var odd = await client.PostAsync("/admin/alerts?handler=Mute", ("alert", id.ToString()), ("minutes", "61"), ("reason", "known"));
        Assert.Contains("Choose for how long", await odd.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var none = await client.PostAsync("/admin/alerts?handler=Mute", ("alert", Guid.CreateVersion7().ToString()), ("minutes", "60"), ("reason", "known"));
        Assert.Equal(404, (int)none.StatusCode);
        Assert.Equal(0, await server.ScalarAsync<long>("select count(*) from alert_mutes"));

        using var muted = await client.PostAsync("/admin/alerts?handler=Mute", ("alert", id.ToString()), ("minutes", "60"), ("reason", "the shop moves house"));
        Assert.Equal(302, (int)muted.StatusCode);
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/alerts"));
        Assert.Contains("the shop moves house", page, StringComparison.Ordinal);
        Assert.Contains("Muted until", page, StringComparison.Ordinal);

        using var unmuted = await client.PostAsync("/admin/alerts?handler=Unmute", ("kind", "webhook_disabled"), ("key", "whe_mute"));
        Assert.Equal(302, (int)unmuted.StatusCode);
        Assert.Equal(0, await server.ScalarAsync<long>("select count(*) from alert_mutes"));
        Assert.Equal("alert.mute,alert.unmute", await server.ScalarAsync<string>("select string_agg(action, ',' order by id) from audit_log where target = 'alert:webhook_disabled:whe_mute'"));
    }

    [Fact]
    public async Task A_rule_is_changed_what_is_nonsense_is_refused_and_kept_and_a_viewer_may_look()
    {
        using var client = await server.SignedInAsync();
        Assert.Contains("Nobody is told", WebUtility.HtmlDecode(await client.ReadAsync("/admin/alerts/rules")), StringComparison.Ordinal);

        foreach (var (threshold, lasting) in new[] { ("-1", "0"), ("NaN", "0"), ("101", "0"), ("5", "-1"), ("5", "86401"), ("", "0"), ("5", "x") })
        {
            using var refused = await client.PostAsync("/admin/alerts/rules?handler=Save", ("kind", "failure_rate"), ("threshold", threshold), ("lasting", lasting), ("enabled", "true"));
            Assert.Equal(200, (int)refused.StatusCode);
            var answer = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
            Assert.Contains("Many messages fail: give", answer, StringComparison.Ordinal);
            Assert.Matches("id=\"failure_rate\" open", answer);
        }
        using var unknown = await client.PostAsync("/admin/alerts/rules?handler=Save", ("kind", "nothing"), ("threshold", "1"), ("lasting", "0"));
        Assert.Equal(404, (int)unknown.StatusCode);
        Assert.Equal(0, await server.ScalarAsync<long>("select count(*) from alert_rules"));

        using var saved = await client.PostAsync("/admin/alerts/rules?handler=Save", ("kind", "failure_rate"), ("threshold", "12.5"), ("lasting", "60"), ("enabled", "true"));
        Assert.Equal(302, (int)saved.StatusCode);
        Assert.Equal("0.125 00:01:00 true", await server.ScalarAsync<string>("select threshold || ' ' || lasting || ' ' || enabled from alert_rules where kind = 'failure_rate'"));
        var page = await client.ReadAsync("/admin/alerts/rules");
        Assert.Matches(new Regex("name=\"threshold\"[^>]*value=\"12.5\""), page);
        Assert.Contains("When of what ended on a channel in 15 minutes, 20 messages or more and 12.5% failed, for 1 min on end.", page, StringComparison.Ordinal);

        using var viewer = await server.SignedInAsAsync("Viewer");
        Assert.DoesNotContain("<button>Save", await viewer.ReadAsync("/admin/alerts/rules"), StringComparison.Ordinal);
        using var denied = await viewer.PostAsync("/admin/alerts/rules?handler=Save", ("kind", "failure_rate"), ("threshold", "1"), ("lasting", "0"));
        Assert.NotEqual(200, (int)denied.StatusCode);
        Assert.Equal(0.125, await server.ScalarAsync<double>("select threshold from alert_rules where kind = 'failure_rate'"));
    }

    [Fact]
    public async Task A_place_that_this_node_does_not_know_stays_chosen_for_a_rule_whose_threshold_is_changed()
    {
        using var client = await server.SignedInAsync();
        await server.ScalarAsync<string>("insert into alert_rules (kind, enabled, threshold, lasting, channels, changed_by) values ('dead_letters', true, 50, '0', '{pager}', 'staff:x') returning kind");

        using var saved = await client.PostAsync("/admin/alerts/rules?handler=Save", ("kind", "dead_letters"), ("threshold", "70"), ("lasting", "0"), ("enabled", "true"));

        Assert.Equal(302, (int)saved.StatusCode);
        Assert.Equal("70 {pager}", await server.ScalarAsync<string>("select threshold || ' ' || channels::text from alert_rules where kind = 'dead_letters'"));
    }
}
