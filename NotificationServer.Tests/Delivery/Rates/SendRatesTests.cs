using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Delivery.Rates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Delivery.Rates;

/// Nodes that share nothing but the database, and an account for each test.
public sealed class SendRatesTests(Database database) : IClassFixture<Database>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string account = $"a_{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Without_limits_nobody_waits_and_nobody_asks_the_database()
    {
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        var node = new SendRates(new RateStore(nowhere), TimeProvider.System, NullLogger<SendRates>.Instance);

        Assert.Null(await node.TryTakeAsync(account, AccountLimits.None, CancellationToken.None));
        Assert.Equal(Admission.Open, node.Ask(account, AccountLimits.None));
    }

    [Fact]
    public async Task Three_nodes_together_never_exceed_the_rate_in_any_second_and_use_it()
    {
        const int rate = 200, seconds = 3, callersPerNode = 60;
        var sent = new ConcurrentBag<long>();
        var (began, span) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(seconds));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Node()).SelectMany(node => Enumerable.Range(0, callersPerNode).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < span)
            {
                if (await node.TryTakeAsync(account, PerSecond(rate), CancellationToken.None) is { } wait) await Task.Delay(wait);
                else sent.Add(Stopwatch.GetTimestamp());
            }
        }))));

        var times = sent.Where(at => Stopwatch.GetElapsedTime(began, at) <= span).Order().ToArray();
        Assert.InRange(FullestSecond(times), 1, rate);
        // Ninety hundredths and more on a machine with time to spare; what a busy one sleeps through is lost, which is what keeps it exact.
        Assert.InRange(times.Length, 1, rate * seconds);
    }

    [Fact]
    public async Task The_next_moment_of_a_slow_rate_is_a_second_away_on_whatever_node()
    {
        await TakeAsync(Node(), PerSecond(1));
        var first = Stopwatch.GetTimestamp();

        await TakeAsync(Node(), PerSecond(1));

        // A moment has its second and the lateness that is allowed; the first may have been late itself.
        Assert.InRange(Stopwatch.GetElapsedTime(first), Second - AccountRate.Lateness, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task The_day_is_shared_too_and_the_call_over_it_waits_for_the_next()
    {
        var (one, other) = (Node(), Node());
        var limits = new AccountLimits(null, DailyCap: 5, null);

        var taken = new List<TimeSpan?>();
        for (var i = 0; i < 4; i++)
            taken.AddRange(await one.TryTakeAsync(account, limits, CancellationToken.None), await other.TryTakeAsync(account, limits, CancellationToken.None));

        Assert.Equal(5, taken.Count(wait => wait is null));
        Assert.All(taken.OfType<TimeSpan>(), wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromDays(1)));
        Assert.Equal(AdmissionKind.Closed, one.Ask(account, limits).Kind);
    }

    [Fact]
    public async Task A_limit_that_somebody_changes_holds_at_once()
    {
        var node = Node();
        Assert.Null(await node.TryTakeAsync(account, new AccountLimits(null, DailyCap: 2, null), CancellationToken.None));
        Assert.Null(await node.TryTakeAsync(account, new AccountLimits(null, DailyCap: 2, null), CancellationToken.None));
        Assert.NotNull(await node.TryTakeAsync(account, new AccountLimits(null, DailyCap: 2, null), CancellationToken.None));

        Assert.Equal(AdmissionKind.Open, node.Ask(account, new AccountLimits(null, DailyCap: 3, null)).Kind);
        Assert.Null(await node.TryTakeAsync(account, new AccountLimits(null, DailyCap: 3, null), CancellationToken.None));
        Assert.NotNull(await node.TryTakeAsync(account, new AccountLimits(null, DailyCap: 3, null), CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nothing_from_the_others()
    {
        var (node, limits) = (Node(), PerSecond(5));
        await node.TryTakeAsync(account, limits, CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var waiting = node.TryTakeAsync(account, limits, impatient.Token).AsTask();

        await impatient.CancelAsync();

        // On a slow machine its moment may have come first.
        await waiting.ContinueWith(_ => { }, TaskScheduler.Default);
        await TakeAsync(node, limits);
    }

    [Fact]
    public async Task A_new_day_begins_at_nothing()
    {
        var limits = new AccountLimits(null, DailyCap: 1, null);
        Assert.Null(await Node().TryTakeAsync(account, limits, CancellationToken.None));
        Assert.NotNull(await Node().TryTakeAsync(account, limits, CancellationToken.None));

        await ExecuteAsync("update provider_rates set day = day - 1 where account = @account");

        Assert.Null(await Node().TryTakeAsync(account, limits, CancellationToken.None));
        Assert.NotNull(await Node().TryTakeAsync(account, limits, CancellationToken.None));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-3, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(10, 6)]
    [InlineData(30_000, 6)]
    public async Task A_sender_that_warms_up_may_do_more_each_day_until_its_cap(int day, int allowed)
    {
        var today = await TodayAsync();
        var limits = new AccountLimits(null, DailyCap: 6, new WarmUp(today.AddDays(-day), FirstDay: 2, Growth: 1.5));

        var taken = 0;
        while (taken < 20 && await Node().TryTakeAsync(account, limits, CancellationToken.None) is null) taken++;

        Assert.Equal(allowed, taken);
    }

    [Fact]
    public async Task Moments_that_pass_unused_do_not_count_on_the_day()
    {
        var (store, limits) = (new RateStore(database.Source), new AccountLimits(100, DailyCap: 10, null));
        var first = await store.TakeAsync(account, limits, Second / 100, wanted: 8, unused: 0, default, CancellationToken.None);

        var second = await store.TakeAsync(account, limits, Second / 100, wanted: 8, unused: 5, DateOnly.FromDateTime(first.AskedAt.UtcDateTime), CancellationToken.None);

        Assert.Equal((8, 7), (first.Granted, second.Granted));
        Assert.Equal(first.NextAt, first.FirstAt + (8 * Second / 100));
        Assert.True(second.FirstAt >= first.NextAt);
    }

    [Fact]
    public async Task Nobody_is_given_more_of_the_future_than_the_horizon()
    {
        var store = new RateStore(database.Source);

        var grants = new List<RateStore.Grant>();
        for (var i = 0; i < 3; i++) grants.Add(await store.TakeAsync(account, PerSecond(100), Second / 100, wanted: 1000, unused: 0, default, CancellationToken.None));

        Assert.InRange(grants.Sum(grant => grant.Granted), 50, 2000); // half a second, and the time that the test itself took
        Assert.All(grants, grant => Assert.False(grant.DayIsFull));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_stop_the_account()
    {
        await TakeAsync(Node(), PerSecond(100));
        await ExecuteAsync("update provider_rates set next_at = now() + interval '1 hour' where account = @account");

        await TakeAsync(Node(), PerSecond(100));
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_wait_and_no_exception()
    {
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        var node = new SendRates(new RateStore(nowhere), TimeProvider.System, NullLogger<SendRates>.Instance);

        Assert.NotNull(await node.TryTakeAsync(account, PerSecond(100), CancellationToken.None));
    }

    [Fact]
    public async Task The_claiming_loop_is_told_how_many_have_a_chance()
    {
        var node = Node();

        Assert.Equal(100, node.Ask(account, PerSecond(200)).Most);
        Assert.Equal(1, node.Ask(account, PerSecond(1)).Most);
        Assert.Equal(int.MaxValue, node.Ask(account, new AccountLimits(null, DailyCap: 5, null)).Most);
        await node.TryTakeAsync(account, PerSecond(200), CancellationToken.None);
    }

    /// A moment that a slow machine sleeps through is lost, and the next one is taken.
    private async Task TakeAsync(SendRates node, AccountLimits limits)
    {
        while (await node.TryTakeAsync(account, limits, CancellationToken.None) is { } wait)
        {
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            await Task.Delay(wait);
        }
    }

    private static AccountLimits PerSecond(int rate) => new(rate, null, null);

    private SendRates Node() => new(new RateStore(database.Source), TimeProvider.System, NullLogger<SendRates>.Instance);

    private static int FullestSecond(long[] times)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Length; last++)
        {
            while (Stopwatch.GetElapsedTime(times[first], times[last]) >= Second) first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private async Task<DateOnly> TodayAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return DateOnly.FromDateTime(await connection.ExecuteScalarAsync<DateTime>("select (now() at time zone 'utc')::date::timestamp"));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, new { account });
    }
}
