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

    private Task<Fleet> ReadAsync() => server.Services.GetRequiredService<FleetReader>().ReadAsync(CancellationToken.None);

    private async Task<IReadOnlyList<Sighting>> FoundAsync() => Findings.Of(await ReadAsync(), Rules);

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
