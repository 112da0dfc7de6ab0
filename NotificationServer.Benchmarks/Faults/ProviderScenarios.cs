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
        new("F24", "the provider accepts and never answers, or its answer breaks off", NeverAnswersAsync) { MayDuplicate = true, MayEndUnsent = true },
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
        await AsksForCenturiesAsync(trial, ct);
        trial.FaultOver(ct);
    }

    /// What no provider means: it is taken for an hour, and a person puts it right.
    private static async Task AsksForCenturiesAsync(Trial trial, CancellationToken ct)
    {
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 429, RetryAfter = "99999999999", Count = 1 });
        await trial.PostAsync([trial.NewSms()], ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<bool>(Sql.QuietForAnHour, ct), Soon, ct), "a Retry-After of centuries did not close the account for about an hour");
        trial.Demand(trial.Arena.Nodes.Any(node => node.Output.Contains("asked us to wait", StringComparison.Ordinal)), "nobody was told of it");
        await trial.AskAsync<int>(Sql.OpenByHand, ct);
    }

    private static async Task IsDownAsync(Trial trial, CancellationToken ct)
    {
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 2), ct);
        await new Checker(trial.Arena).DrainedAsync(Soon, ct);
        trial.FaultBegins();
        var calls = trial.CallsOf(Twilio);
        trial.Arena.Simulator.Faults.Set(Twilio, new Fault { Status = 500 });
        var load = trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await Until.TrueAsync(() => trial.CallsOf(Twilio) > calls, Soon, ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<bool>(Sql.IsOpen, ct), TimeSpan.FromSeconds(5), ct), "the breaker was not open after 5 s");
        // What one node writes down the other reads within Gates:Refresh; calls that had begun come to their end.
        await Task.Delay((trial.Scale.Poll * 1.5) + TimeSpan.FromSeconds(0.5), ct);
        var opened = trial.CallsOf(Twilio);
        trial.Measured("calls_until_open", opened - calls);
        await Task.Delay(trial.Scale.Outage * 2, ct); // as long as the fault lasts
        var late = trial.CallsOf(Twilio) - opened;
        trial.Measured("probes", late);
        var most = (trial.Scale.Outage * 2 / trial.Scale.OpenFor) + 1;
        trial.Demand(late <= most, $"{late} calls went to a provider that was to be probed {most:0} times at most");
        trial.Arena.Simulator.Faults.Clear(Twilio);
        trial.FaultOver(ct);
        await load;
    }

    private static async Task NeverAnswersAsync(Trial trial, CancellationToken ct)
    {
        var hung = Math.Min(20, trial.Scale.Events / 4);
        // Taken all of them; not answered, or not to the end.
        foreach (var (kind, texts) in new (Fault, int)[]
        {
            (new Fault { Reset = ResetKind.Connection, Accept = true, Count = 3 }, trial.Scale.Events / 6),
            (new Fault { Truncate = true, Count = 3 }, trial.Scale.Events / 6),
            (new Fault { Hang = true, Count = hung }, trial.Scale.Events),
        })
        {
            var before = await trial.AttemptsAsync("unknown", ct);
            trial.Arena.Simulator.Faults.Set(Twilio, kind);
            await trial.PostAsync(trial.Mixed(texts), ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AttemptsAsync("unknown", ct) >= before + kind.Count, trial.Scale.Deadline + Soon, ct), $"{kind} was not recorded as unknown");
        }
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery + trial.Scale.UnknownWait, ct);
        var gap = await trial.AskAsync<double>(Sql.ShortestGap, ct, new { since = trial.StartedAt });
        trial.Measured("shortest_gap_after_unknown_s", gap);
        trial.Demand(gap >= trial.Scale.UnknownWait.TotalSeconds * 0.9, $"a second try came {gap:0.0} s after one whose outcome nobody knew");
        trial.Demand(await trial.AskAsync<int>(Sql.MostUnknowns, ct, new { since = trial.StartedAt }) <= 2, "a message was risked a third time");
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
        var texts = trial.Texts(trial.Scale.Events * (trial.Scale == Scale.Small ? 4 : 1));
        // All through the fault, which goes on while they come.
        foreach (var some in texts.Chunk(Math.Max(1, texts.Count / 20)))
        {
            await trial.PostAsync(some, ct);
            await Task.Delay(trial.Scale.Outage * 3 / 20, ct);
        }
        trial.Arena.Simulator.Faults.Clear(Twilio);
        trial.FaultOver(ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery + (Soon * 3), ct);
        var amplification = (trial.CallsOf(Twilio) - before) / (double)texts.Count;
        trial.Measured("amplification", amplification);
        trial.Demand(amplification <= 1.5, $"{amplification:0.00} calls a message");
    }

    private static class Sql
    {
        public const string IsOpen = "select exists (select from provider_gates where account = 'twilio' and breaker <> 'closed')";
        public const string QuietForAnHour = "select exists (select from provider_gates where account = 'twilio' and not_before between now() + interval '55 minutes' and now() + interval '67 minutes')";
        public const string OpenByHand = "with gate as (update provider_gates set not_before = null where account = 'twilio') update jobs set run_at = now() where run_at > now() + interval '50 minutes' returning 1";

        public const string MostUnknowns = """
            select coalesce(max(n), 0)::integer
            from (select count(*) as n from attempts where outcome = 'unknown' and started_at > @since group by message_id) as each
            """;

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
