using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Faults;

/// What providers say when they are in trouble, or when we are.
internal static class ProviderScenarios
{
    private const string Twilio = "twilio";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F22", "429 with every kind of Retry-After", ThrottlesAsync),
        new("F23", "one channel's provider answers 500", IsDownAsync),
        new("F24", "the provider accepts and never answers", NeverAnswersAsync) { MayDuplicate = true, MayEndUnsent = true },
        new("F29", "the provider refuses our credentials", RefusesUsAsync),
        new("F31", "half of the answers are errors", FlapsAsync),
    ];

    private static async Task ThrottlesAsync(Trial trial, CancellationToken ct)
    {
        // What is asked for, and how long nobody may call; less than nothing and nothing at all are up to us.
        foreach (var (said, seconds) in new (string?, double)[] { ("5", 5), ("1.5", 1.5), ("date", 3), ("-5", 0), (null, 0) })
        {
            var at = TimeProvider.System.GetUtcNow();
            var text = said == "date" ? $"{at.AddSeconds(seconds + 1):R}" : said;
            trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 429, RetryAfter = text, Count = 1 });
            await trial.PostAsync([trial.NewSms()], ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<int>(Sql.Throttled, ct, new { since = at }) > 0, Soon, ct), "no answer was recorded as throttled");
            await trial.PostAsync(trial.Texts(20), ct);
            await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery, ct);
            // Other nodes learn of it within Gates:Refresh, which is a poll's length here.
            var early = await trial.AskAsync<int>(Sql.Early, ct, new { since = at, grace = (trial.Scale.Poll * 1.5) + TimeSpan.FromSeconds(0.2), asked = TimeSpan.FromSeconds(seconds) });
            trial.Demand(early == 0, $"{early} calls came before the time that Retry-After: {said} asked for");
        }
        trial.FaultOver(ct);
    }

    private static async Task IsDownAsync(Trial trial, CancellationToken ct)
    {
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 500 });
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        var opened = trial.CallsOf(Twilio);
        await Task.Delay(trial.Scale.Outage, ct); // as long as the fault lasts
        var late = trial.CallsOf(Twilio) - opened;
        trial.Measured("calls_while_it_should_be_open", late);
        trial.Demand(late <= trial.Scale.Events / 4, $"{late} calls went to a provider that had only failed");
        trial.Arena.Simulator.Faults.Clear(Twilio);
        trial.FaultOver(ct);
    }

    private static async Task NeverAnswersAsync(Trial trial, CancellationToken ct)
    {
        var hung = Math.Min(20, trial.Scale.Events / 4);
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Hang = true, Count = hung });
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.AttemptsAsync("unknown", ct) >= hung, trial.Scale.Deadline + Soon, ct), "a call without an answer was not recorded as unknown");
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery + trial.Scale.UnknownWait, ct);
        var gap = await trial.AskAsync<double>(Sql.ShortestGap, ct, new { since = trial.StartedAt });
        trial.Measured("shortest_gap_after_unknown_s", gap);
        trial.Demand(gap >= trial.Scale.UnknownWait.TotalSeconds * 0.9, $"a second try came {gap:0.0} s after one whose outcome nobody knew");
    }

    private static async Task RefusesUsAsync(Trial trial, CancellationToken ct)
    {
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 401 });
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await Task.Delay(trial.Scale.Outage, ct); // as long as the fault lasts
        trial.Demand(await trial.AskAsync<int>("select coalesce(sum(failures), 0)::integer from jobs", ct) == 0, "attempts were counted although our credentials were at fault");
        trial.Measured("calls_refused", await trial.AttemptsAsync("misconfigured", ct));
        trial.Demand(await trial.AttemptsAsync("misconfigured", ct) > 0, "the refusal was not recorded as such");
        trial.Arena.Simulator.Faults.Clear(Twilio);
        trial.FaultOver(ct);
    }

    private static async Task FlapsAsync(Trial trial, CancellationToken ct)
    {
        var before = trial.CallsOf(Twilio);
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 503, Probability = 0.5 });
        var texts = trial.Texts(trial.Scale.Events);
        await trial.PostAsync(texts, ct);
        await Task.Delay(trial.Scale.Outage, ct); // as long as the fault lasts
        trial.Arena.Simulator.Faults.Clear(Twilio);
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery + Soon, ct);
        var amplification = (trial.CallsOf(Twilio) - before) / (double)texts.Count;
        trial.Measured("amplification", amplification);
        trial.Demand(amplification <= 2.2, $"{amplification:0.0} calls a message");
    }

    private static class Sql
    {
        public const string Throttled = "select count(*)::integer from attempts where outcome = 'throttled' and started_at > @since";

        public const string Early = """
            select count(*)::integer
            from attempts t join attempts e on e.provider = t.provider
                and e.started_at > t.finished_at + @grace::interval and e.started_at < t.finished_at + @asked::interval
            where t.outcome = 'throttled' and t.started_at > @since
            """;

        public const string ShortestGap = """
            select coalesce(min(extract(epoch from b.started_at - a.finished_at)), 1e6)::double precision
            from attempts a join attempts b on b.message_id = a.message_id and b.attempt > a.attempt
            where a.outcome = 'unknown' and a.error_code is distinct from 'node_lost' and a.started_at > @since
            """;
    }
}
