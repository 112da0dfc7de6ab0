using System.Net;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

/// The pages of nodes, chores and alerts.
public sealed class HouseTests(MonitorServer server) : IClassFixture<MonitorServer>
{
    [Fact]
    public async Task A_node_that_died_stands_apart_and_what_it_held_is_listed()
    {
        await server.GivenWaitingAsync("ios_push", 2, TimeSpan.FromMinutes(4), lane: 0);
        await server.ExecuteAsync("""
            insert into nodes (name, roles, version, started_at, seen_at) values ('sender-7', '{worker,api}', '1.0.0+fedcba9876543210', now() - interval '1 day', now() - interval '4 minutes');
            update jobs set state = 1, leased_by = 'sender-7', leased_at = now() - interval '4 minutes', lease_until = now() - interval '3 minutes' where channel = 'ios_push'
            """);

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/nodes"));

        Assert.Contains("1 fell silent without saying good-bye", page, StringComparison.Ordinal);
        var silent = page[page.IndexOf("silent-title", StringComparison.Ordinal)..];
        Assert.Contains("sender-7", silent, StringComparison.Ordinal);
        Assert.Contains("2 stuck", silent, StringComparison.Ordinal);
        Assert.Contains("1.0.0+fedcba98", silent, StringComparison.Ordinal);
        Assert.DoesNotContain("sender-1<", silent, StringComparison.Ordinal);
        Assert.Contains("Leases that ran out", silent, StringComparison.Ordinal);
        Assert.Contains("3/200", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chore_is_listed_with_its_last_run_and_runs_now_when_somebody_asks()
    {
        await Eventually.IsTrueAsync(async () => await server.ScalarAsync<int>("select count(*) from chores where name in ('PartitionKeeper', 'BalanceSweep', 'Expirer', 'JobsVacuum')") == 4);
        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/maintenance"));
        Assert.Contains("Checking the books", page, StringComparison.Ordinal);
        Assert.Contains("Expiring what is too late", page, StringComparison.Ordinal);
        Assert.Contains("all of them went well the last time.", page, StringComparison.Ordinal);

        foreach (var chore in new[] { "PartitionKeeper", "BalanceSweep", "JobsVacuum" })
        {
            await Eventually.IsTrueAsync(async () => await server.ScalarAsync<bool>("select exists (select from chores where name = @chore and ran_at is not null)", new { chore }));
            var before = await server.ScalarAsync<DateTime>("select ran_at from chores where name = @chore", new { chore });
            using var asked = await client.PostAsync("/admin/maintenance?handler=Run", ("chore", chore));
            Assert.Equal(302, (int)asked.StatusCode);
            await Eventually.IsTrueAsync(async () => await server.ScalarAsync<bool>("select ran_at > @before and asked_at is null from chores where name = @chore", new { chore, before }));
        }
        Assert.Equal(3, await server.ScalarAsync<int>("select count(*) from audit_log where action = 'chore.run'"));
        using var none = await client.PostAsync("/admin/maintenance?handler=Run", ("chore", "Nothing"));
        Assert.Equal(404, (int)none.StatusCode);
    }

    [Fact]
    public async Task Open_alerts_come_first_with_what_to_do_and_cleared_ones_are_paged()
    {
        await server.ExecuteAsync("""
            insert into alerts (kind, key, detail) values ('queued_without_job', 'sms/transactional', '{"expected":2,"found":1,"messages":["msg_00000000000070008000000000000001"]}');
            insert into alerts (kind, key, first_seen, last_seen, cleared_at, detail)
            select 'webhook_disabled', 'whe_' || n, now() - interval '2 days', now() - interval '1 day', now() - make_interval(hours => n / 2), '{"reason":"gone","client":"shop","host":"old.example.org"}'
            from generate_series(1, 60) n
            """);

        using var client = await server.SignedInAsync();
        var first = WebUtility.HtmlDecode(await client.ReadAsync("/admin/alerts"));
        var older = System.Text.RegularExpressions.Regex.Match(first, "href=\"(/admin/alerts\\?after=[^\"]+)\"").Groups[1].Value;
        var second = WebUtility.HtmlDecode(await client.ReadAsync(older));

        Assert.Contains("Messages of SMS, transactional are queued but have no job: nobody will send them.", first, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/messages/msg_00000000000070008000000000000001\"", first, StringComparison.Ordinal);
        Assert.Equal((50, 10), (first.Split("A webhook of shop was switched off").Length - 1, second.Split("A webhook of shop was switched off").Length - 1));
        Assert.Equal(200, (int)(await client.GetAsync("/admin/alerts?after=nonsense")).StatusCode);
    }
}
