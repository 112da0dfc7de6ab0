using Dapper;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// Three processes with more to send than one account allows, of which one is killed and replaced on the way. How often the account was
/// called is what the provider wrote down as it took each message, by its own clock.
internal sealed class Rates(RatePlan plan)
{
    public Scenario Scenario => new($"rates{plan.PerSecond}", $"at most {plan.PerSecond} a second and {plan.DailyCap} a day from {RatePlan.Nodes} processes, {plan.Length.TotalSeconds:0} s", PlayAsync)
    {
        MayDuplicate = true, // of what the killed process had under way
    };

    private async Task PlayAsync(Trial trial, CancellationToken ct)
    {
        var already = await TakenTodayAsync(trial, ct);
        await TwoAccounts.SetUpAsync(trial, plan.PerSecond, plan.DailyCap + already, ct);
        var (day, began) = (await TodayAsync(trial, ct), TimeProvider.System.GetUtcNow());
        DateTimeOffset over;
        await using (var load = SteadyLoad.Start(trial, (int)(plan.PerSecond * RatePlan.Pressure), static (trial, _) => trial.NewSms(), ct))
        {
            await Task.Delay(plan.Length / 4, ct);
            await trial.NoteInFlightAsync(ct);
            await trial.Arena.Nodes[1].KillAsync(ct);
            await Task.Delay(plan.Length / 4, ct); // with two of three
            await trial.Arena.EnsureNodesAsync(ct);
            var rest = began + plan.Length - TimeProvider.System.GetUtcNow();
            if (rest > TimeSpan.Zero) await Task.Delay(rest, ct);
            over = TimeProvider.System.GetUtcNow();
            await load.StopAsync();
        }
        var sameDay = day == await TodayAsync(trial, ct);
        await TellAsync(trial, began, over, sameDay, ct);

        // The rest goes out without limits, so that the books can be closed.
        await TwoAccounts.SetUpAsync(trial, null, null, ct);
        trial.FaultOver(ct);
        await trial.AskAsync<int>(Sql.WaitNoLonger, ct);
        await new Checker(trial.Arena).DrainedAsync(TimeSpan.FromMinutes(5), ct);
    }

    private async Task TellAsync(Trial trial, DateTimeOffset began, DateTimeOffset over, bool sameDay, CancellationToken ct)
    {
        var arrivals = trial.Arena.Simulator.Ledger.Where(entry => entry.Provider == "twilio" && entry.At >= began && entry.At < over).Select(entry => entry.At).Order().ToList();
        await using var connection = await trial.Arena.Db.OpenConnectionAsync(ct);
        var starts = (await connection.QueryAsync<DateTime>(new CommandDefinition(Sql.Starts, new { began, over, account = TwoAccounts.First }, cancellationToken: ct)))
            .Select(at => new DateTimeOffset(at)).ToList();

        Tell("arrived", arrivals.Count);
        Tell("most_in_a_clock_second", arrivals.GroupBy(at => at.ToUnixTimeSeconds()).Select(second => second.Count()).DefaultIfEmpty().Max());
        var most = MostInASecond(arrivals);
        Tell("most_in_any_second", most);
        Tell("most_begun_in_any_second", MostInASecond(starts));
        // More than a second, or the rate was exceeded: how closely so many and one followed each other.
        Tell("rate_and_one_ms", Closest(arrivals, plan.PerSecond));
        var full = arrivals.Take(plan.DailyCap / 2).ToList();
        Tell("share_of_the_rate_used", full.Count < 2 ? 0 : (full.Count - 1) / (full[^1] - full[0]).TotalSeconds / plan.PerSecond);
        trial.Demand(most <= plan.PerSecond, $"{most} arrived within one second");
        Tell("daily_cap", plan.DailyCap);
        trial.Demand(!sameDay || arrivals.Count <= plan.DailyCap, $"{arrivals.Count} arrived on one day");
        if (!sameDay) Tell("a_day_ended_meanwhile", 1);

        void Tell(string name, double value) => trial.Measured(name, value);
    }

    /// In any stretch of one second, wherever it begins.
    private static int MostInASecond(List<DateTimeOffset> times)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= TimeSpan.FromSeconds(1)) first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private static double Closest(List<DateTimeOffset> times, int apart) =>
        times.Count <= apart ? double.NaN : Enumerable.Range(0, times.Count - apart).Min(i => (times[i + apart] - times[i]).TotalMilliseconds);

    private static Task<int> TakenTodayAsync(Trial trial, CancellationToken ct) => trial.AskAsync<int>(Sql.TakenToday, ct, new { account = TwoAccounts.First });

    private static Task<string> TodayAsync(Trial trial, CancellationToken ct) => trial.AskAsync<string>(Sql.Today, ct);

    private static class Sql
    {
        public const string TakenToday = """
            select coalesce((select taken from provider_rates where account = @account and day = (now() at time zone 'utc')::date), 0)::integer
            """;

        public const string Today = "select (now() at time zone 'utc')::date::text";

        public const string Starts = "select started_at from attempts where provider = @account and started_at >= @began and started_at < @over order by started_at";

        public const string WaitNoLonger = "with woken as (update jobs set run_at = now() where state = 0 returning 1) select count(*)::integer from woken";
    }
}
