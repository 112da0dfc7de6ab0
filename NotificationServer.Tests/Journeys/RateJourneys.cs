using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// What happens to messages when an account may be called only so often.
public sealed class RateJourneys(TwoRegions regions) : IClassFixture<TwoRegions>, IAsyncLifetime
{
    public Task InitializeAsync() => regions.BeginAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_comes_faster_than_the_rate_waits_for_its_moment_and_does_not_spill_over()
    {
        await LimitAsync(ratePerSecond: 20);
        var phones = Enumerable.Range(0, 60).Select(_ => Walk.SomePhone()).Distinct().ToList();

        await Task.WhenAll(phones.Select((phone, i) => regions.SendAsync(i % 2, phone)));
        await Eventually.IsTrueAsync(() => Count(regions.North, phones) == phones.Count);

        Assert.Equal(0, Count(regions.South, phones));
        // 20 moments a second: however the two nodes shared them, 60 calls began over almost three seconds.
        var began = await regions.QueryAsync<double>(
            "select extract(epoch from max(started_at) - min(started_at))::float8 from attempts where provider = 'north' and message_id in (select id from messages where address = any(@phones))",
            new { phones });
        Assert.InRange(began, (phones.Count - 2) / 20.0, double.MaxValue);
    }

    [Fact]
    public async Task When_the_calls_of_its_day_are_used_up_the_next_account_takes_over()
    {
        await LimitAsync(dailyCap: 5);
        var phones = Enumerable.Range(0, 12).Select(_ => Walk.SomePhone()).Distinct().ToList();

        foreach (var phone in phones) await regions.UntilAsync(await regions.SendAsync(0, phone), "sent");

        Assert.Equal((5, phones.Count - 5), (Count(regions.North, phones), Count(regions.South, phones)));
        var health = (await regions.CallAsync(HttpMethod.Post, "/v1/providers/north:reset", new { reason = "to look at it" })).GetProperty("health");
        Assert.Equal((5, 5), (health.GetProperty("calls_today").GetInt32(), health.GetProperty("most_today").GetInt32()));
    }

    private async Task LimitAsync(int? ratePerSecond = null, int? dailyCap = null)
    {
        await regions.PutAsync("north", order: 1, ratePerSecond: ratePerSecond, dailyCap: dailyCap);
        await Eventually.IsTrueAsync(() => regions.Nodes.TrueForAll(node =>
            node.Services.GetRequiredService<ProviderAccounts>().Find("north")?.Limits is { } limits && limits.RatePerSecond == ratePerSecond && limits.DailyCap == dailyCap));
    }

    private static int Count(SimulatorHost place, List<string> phones) => place.Ledger.Count(entry => phones.Contains(entry.To));
}
