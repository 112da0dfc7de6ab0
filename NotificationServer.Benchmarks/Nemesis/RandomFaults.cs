using System.Globalization;
using NotificationServer.Benchmarks.Accounts;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

/// A steady load on several nodes, and every minute something goes wrong, by chance: processes, database, ways, providers, clients. What
/// must hold is what must hold of every fault: nothing is lost, every second copy is on record, the books balance.
internal sealed class RandomFaults(NemesisPlan plan)
{
    public static readonly IReadOnlyList<Mishap> Mishaps = [.. NodeMishaps.All, .. DatabaseMishaps.All, .. ProviderMishaps.All, .. ClientMishaps.All];

    // As few as are needed that those who ask again do not keep a server down that is coming back.
    private const int Doublings = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(4);

    public Scenario Scenario => new("random", $"{plan.Length.TotalMinutes:0.#} minutes of faults by chance, {plan.Nodes} nodes, {plan.PerSecond} posts a second, seed {plan.Seed}", PlayAsync)
    {
        MayDuplicate = true, MayEndUnsent = true,
    };

    private async Task PlayAsync(Trial trial, CancellationToken ct)
    {
        trial.Client.Doublings = Doublings;
        var (stage, deck, clock) = (new Stage(trial), new Deck(Mishaps, plan), TimeProvider.System);
        var (began, played) = (clock.GetTimestamp(), 0);
        await using (var load = SteadyLoad.Start(trial, plan.PerSecond, Next, ct, () => stage.Urls))
        {
            for (var number = 1; clock.GetElapsedTime(began) + plan.Quiet < plan.Length; number++)
            {
                var turns = deck.Deal();
                Say(clock.GetElapsedTime(began), $"{string.Join("; and ", turns.Select(turn => turn.Mishap.Name))} ...");
                await Task.WhenAll(turns.Select(turn => turn.Mishap.StrikeAsync(stage, turn, ct)));
                played += turns.Count;
                await TellAsync(stage, clock.GetElapsedTime(began), turns, ct);
                var rest = (plan.Every * number) - clock.GetElapsedTime(began);
                if (rest > TimeSpan.Zero) await Task.Delay(rest, ct);
            }
            await stage.BringUpAsync(ct);
            trial.FaultOver(ct);
            await Task.Delay(plan.Quiet, ct); // the load goes on, and nothing is done to anybody
            await load.StopAsync();
        }
        await new Checker(trial.Arena).DrainedAsync(Patience, ct);
        trial.Measured("seed", plan.Seed);
        trial.Measured("minutes", clock.GetElapsedTime(began).TotalMinutes);
        trial.Measured("mishaps", played);
        await CloseBooksAsync(stage, ct);
    }

    /// Four texts and a mail, and of the texts every tenth a sign-in code.
    private static Wanted Next(Trial trial, int number) => (number % 5, number % 50) switch
    {
        (4, _) => trial.NewEmail(),
        (_, 0 or 10 or 20 or 30) => trial.NewSms() with { Category = "security" },
        _ => trial.NewSms(),
    };

    private static async Task TellAsync(Stage stage, TimeSpan at, IReadOnlyList<Turn> turns, CancellationToken ct)
    {
        var (waiting, oldest, givenUp) = (await stage.LookAsync<long>(Sql.Waiting, ct), await stage.LookAsync<double>(Sql.Oldest, ct), await stage.LookAsync<long>(Sql.GivenUp, ct));
        var details = string.Join(", ", turns.Select(turn => $"{turn.Detail} {turn.Lasting.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s".Trim()));
        Say(at, waiting is null ? $"  over ({details}); the database is away" : string.Create(CultureInfo.InvariantCulture,
            $"  over ({details}); answered {stage.Trial.Client.Answered(System.Net.HttpStatusCode.Accepted)}, waiting {waiting}, the oldest for {oldest:0} s, given up {givenUp}"));
        // At any moment, whatever has just happened.
        if (await stage.LookAsync<long>(Sql.Difference, ct) is { } difference) stage.Trial.Demand(difference == 0, $"{at:mm\\:ss}: the books are off by {difference}");
    }

    private static async Task CloseBooksAsync(Stage stage, CancellationToken ct)
    {
        var trial = stage.Trial;
        // Every part of the log is counted again after the last change to it.
        trial.Demand(await Until.TrueAsync(async () => await stage.LookAsync<bool>(Sql.AllCounted, ct) == true, Counted, ct), "not all of the log was counted again: that no alert of the books is open says nothing");
        var difference = await trial.AskAsync<long>(Sql.Difference, ct);
        var alerts = await trial.AskAsync<long>(Sql.Alerts, ct);
        trial.Measured("books_off_by", difference);
        trial.Demand(difference == 0, $"the books are off by {difference}");
        trial.Demand(alerts == 0, $"{alerts} alerts of the books are open");
        foreach (var outcome in new[] { "unknown", "transient", "throttled", "not_sent" }) trial.Measured($"attempts_{outcome}", await trial.AttemptsAsync(outcome, ct));
        trial.Measured("leases_lost", await trial.NodeLostAsync(ct));
        trial.Measured("expired", await trial.AskAsync<long>("select count(*) from messages where status = 'expired' and created_at > @since", ct, new { since = trial.StartedAt }));
        trial.Measured("answers_503", trial.Client.Answered(System.Net.HttpStatusCode.ServiceUnavailable));
        trial.Measured("posts_without_an_answer", trial.Client.Broken);
    }

    private static void Say(TimeSpan at, string what) => Console.WriteLine($"  {at:hh\\:mm\\:ss} {what}");

    private static class Sql
    {
        public const string Waiting = "select count(*) from jobs";
        public const string Oldest = "select coalesce(extract(epoch from now() - min(m.created_at)), 0)::double precision from jobs j join messages m on m.id = j.id";

        // Dead letters are counted beside the states: a message that was given up is of 'failed' already.
        public const string Difference = """
            select (coalesce(sum(accepted), 0) - coalesce(sum(count) filter (where status <> 'dead'), 0))::bigint
            from (select accepted, count, status from message_counts union all select accepted, count, status from message_count_deltas) as b
            """;

        public const string GivenUp = "select count(*) from dead_letters";

        public const string AllCounted = "select not exists (select from balance_buckets where checked_at is null)";

        public const string Alerts = """
            select count(*) from alerts
            where cleared_at is null and kind in ('counter_drift', 'queued_without_job', 'job_without_message', 'accepted_not_accounted_for')
            """;
    }
}
