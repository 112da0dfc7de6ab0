using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;
using NotificationServer.Watch;
using Npgsql;

namespace NotificationServer.Tests.Watch;

/// What is read of the whole system to judge it by. The node keeps no house, so that nothing happens but what a test does.
public sealed class FleetReaderTests : IAsyncLifetime
{
    private static readonly Dictionary<string, AlertRule> Rules = AlertRule.All.ToDictionary(rule => rule.Kind);
    private ServerHost server = null!; // xunit initialises before any test

    public async Task InitializeAsync() => server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?> { ["Roles"] = "api" });

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_check_of_the_books_that_is_taken_on_again_and_again_and_fails_is_none()
    {
        var sweep = server.Services.GetRequiredService<BalanceSweep>();
        await sweep.RunNowAsync(CancellationToken.None);
        Assert.DoesNotContain(await FoundAsync(), one => one.Kind == AlertRule.BooksUnchecked);

        await ExecuteAsync("""
            update schema_migrations set applied_at = applied_at - interval '1 day';
            update balance_checks set checked_at = now() - interval '11 minutes', completed_at = now() - interval '11 minutes';
            alter table balance_buckets rename to mislaid
            """);
        await Assert.ThrowsAsync<PostgresException>(() => sweep.RunNowAsync(CancellationToken.None));

        Assert.Contains(await FoundAsync(), one => one.Kind == AlertRule.BooksUnchecked);
    }

    [Fact]
    public async Task The_door_of_an_account_that_is_switched_off_or_gone_concerns_nobody()
    {
        await ExecuteAsync("""
            insert into provider_accounts (key, vendor, enabled, updated_by) values ('working', 'twilio', true, 'staff:ada'), ('asleep', 'twilio', false, 'staff:ada');
            insert into provider_gates (account, breaker, reason, opened_at, open_until, times_opened)
            select account, 'open', '503', now(), now() + interval '1 minute', 1 from unnest(array['working', 'asleep', 'removed']) as account;
            update provider_catalog set version = version + 1
            """);
        await Eventually.IsTrueAsync(() => server.Services.GetRequiredService<ProviderAccounts>().Find("asleep") is not null);

        Assert.Equal(["breaker_open working"], (await FoundAsync()).Where(one => one.Kind == AlertRule.BreakerOpen).Select(one => $"{one.Kind} {one.Key}"));
        Assert.Equal(["working"], (await ReadAsync()).Gates.Select(gate => gate.Account)); // of the metric, too
    }

    [Fact]
    public async Task However_many_alerts_are_open_none_is_left_out_and_that_the_books_do_not_balance_least()
    {
        await ExecuteAsync("""
            insert into alerts (kind, key, detail) select 'counter_drift', n::text, '{"expected":5,"found":1}' from generate_series(1, 300) as n;
            insert into alerts (kind, key, detail, first_seen) values ('accepted_not_accounted_for', 'all', '{"expected":12,"found":9}', now() + interval '1 second')
            """);

        var open = (await ReadAsync()).Alerts;
        var page = await server.Services.GetRequiredService<AlertList>().OpenAsync(CancellationToken.None);

        Assert.Equal([("accepted_not_accounted_for", 1, 3.0), ("counter_drift", 300, 0.0)], open.Select(one => (one.Kind, (int)one.Count, one.Difference)).Order());
        Assert.Equal("accepted_not_accounted_for", page[0].Kind);
    }

    private Task<Fleet> ReadAsync() => server.Services.GetRequiredService<FleetReader>().ReadAsync(CancellationToken.None);

    private async Task<IReadOnlyList<Sighting>> FoundAsync() => Findings.Of(await ReadAsync(), Rules);

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
