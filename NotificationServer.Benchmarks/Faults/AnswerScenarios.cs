using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Faults;

/// Answers that are no answers.
internal static class AnswerScenarios
{
    private const string Twilio = "twilio";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F25", "header or body come one byte at a time, or 1xx without end", DripsAsync),
        new("F26", "the connection ends before or within the answer", BreaksAsync),
        new("F27", "the provider's port is closed, its name unknown, its certificate not its own", IsNotThereAsync),
        new("F28", "200 with nonsense, a huge body, 204, a redirect", TalksNonsenseAsync) { MayEndUnsent = true },
    ];

    private static async Task DripsAsync(Trial trial, CancellationToken ct)
    {
        foreach (var (name, manner) in RawVendor.Slow)
        {
            await using var vendor = RawVendor.Trusted(trial.Arena.SimulatorFolder, manner);
            trial.Arena.Sms.Repoint(vendor.Port);
            var before = await trial.AttemptsAsync("unknown", ct);
            var load = trial.PostAsync(trial.Texts(3).Concat(Enumerable.Range(0, 5).Select(_ => trial.NewEmail())), ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AttemptsAsync("unknown", ct) >= before + 3, trial.Scale.Deadline + Soon, ct), $"{name}: no call ran into its deadline");
            await load;
            trial.Arena.Sms.Repoint(trial.Arena.Simulator.Urls.Twilio.Port);
            trial.FaultOver(ct);
            await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery + trial.Scale.UnknownWait, ct);
        }
        var longest = await trial.AskAsync<double>(Sql.LongestCall, ct, new { since = trial.StartedAt });
        trial.Measured("longest_call_s", longest);
        trial.Demand(longest < trial.Scale.Deadline.TotalSeconds + 1, $"a call held its slot for {longest:0.0} s");
    }

    /// By somebody who takes nothing, so that every message still arrives once; broken after the acceptance is F24.
    private static async Task BreaksAsync(Trial trial, CancellationToken ct)
    {
        foreach (var kind in new[] { new Fault { Reset = ResetKind.Connection, Count = 3 }, new Fault { Truncate = true, Accept = false, Count = 3 } })
        {
            var before = await trial.AttemptsAsync("unknown", ct);
            trial.Arena.Simulator.Faults.Set(Twilio, kind);
            await trial.PostAsync(trial.Mixed(trial.Scale.Events / 6), ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AttemptsAsync("unknown", ct) >= before + kind.Count, Soon, ct), $"{kind} was not recorded as unknown");
            // A text of which nobody knows twice is given up for a person to look at: those of this break are through before the next.
            trial.Demand(await new Checker(trial.Arena).DrainedAsync(Soon, ct), $"after {kind} not everything was sent in the end");
        }
        await using (var vendor = RawVendor.Trusted(trial.Arena.SimulatorFolder, RawVendor.HangsUp))
        {
            var before = await trial.AttemptsAsync("unknown", ct);
            trial.Arena.Sms.Repoint(vendor.Port);
            await trial.PostAsync(trial.Texts(3), ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AttemptsAsync("unknown", ct) >= before + 3, Soon, ct), "a connection that ended before the answer was not recorded as unknown");
            trial.Demand(vendor.Requests <= await trial.AttemptsAsync("unknown", ct) - before, "a request was repeated behind our back");
            trial.Arena.Sms.Repoint(trial.Arena.Simulator.Urls.Twilio.Port);
        }
        trial.FaultOver(ct);
        trial.Demand(await trial.AttemptsAsync("not_sent", ct) == 0, "a broken answer was taken for a call that never left");
    }

    private static async Task IsNotThereAsync(Trial trial, CancellationToken ct)
    {
        using var closed = new ClosedPort();
        var lonely = await trial.ExtraNodeAsync(ct, ("Channels__Twilio__BaseAddress", $"https://localhost:{closed.Port}"), ("Channels__SendGrid__BaseAddress", "https://no-such-host.invalid"));
        foreach (var node in trial.Arena.Nodes) await node.FreezeAsync(ct);
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 6), ct, [lonely.Url]);
        trial.Demand(await Until.TrueAsync(async () => await CodesAsync(trial, "connection", ct) > 0 && await CodesAsync(trial, "name_resolution", ct) > 0, Soon, ct), "a closed port or an unknown name was not recorded as not sent");
        await lonely.KillAsync(ct);
        foreach (var node in trial.Arena.Nodes) await node.ThawAsync(ct);

        await using (var impostor = RawVendor.Impostor())
        {
            trial.Arena.Sms.Repoint(impostor.Port);
            await trial.PostAsync(trial.Mixed(trial.Scale.Events / 6), ct);
            trial.Demand(await Until.TrueAsync(async () => await CodesAsync(trial, "tls", ct) > 0, Soon, ct), "a certificate that is not the provider's was not recorded as not sent");
            trial.Demand(impostor.Requests == 0, "a request went to somebody with a certificate of another");
        }
        trial.Arena.Sms.Repoint(trial.Arena.Simulator.Urls.Twilio.Port);
        trial.FaultOver(ct);
    }

    private static async Task TalksNonsenseAsync(Trial trial, CancellationToken ct)
    {
        var resident = trial.Arena.Nodes.Max(node => node.ResidentBytes);
        foreach (var (name, answer) in RawVendor.Nonsense)
        {
            await using var vendor = RawVendor.Trusted(trial.Arena.SimulatorFolder, new RawVendor.Manner(answer));
            trial.Arena.Sms.Repoint(vendor.Port);
            var before = await trial.AskAsync<int>(Sql.NotAccepted, ct, new { since = trial.StartedAt });
            await trial.PostAsync(trial.Texts(2), ct);
            trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<int>(Sql.NotAccepted, ct, new { since = trial.StartedAt }) > before, trial.Scale.Deadline + Soon, ct), $"{name}: nothing was recorded");
            trial.Demand(vendor.Requests > 0, $"{name}: nobody asked");
        }
        trial.Demand(await trial.AskAsync<int>(Sql.AcceptedFromNobody, ct, new { since = trial.StartedAt }) == 0, "nonsense was taken for an acceptance");
        var grown = (trial.Arena.Nodes.Max(node => node.ResidentBytes) - resident) / 1048576.0;
        trial.Measured("grown_mib", grown);
        trial.Demand(grown < 100, $"a huge answer was read into memory: {grown:0} MiB");
        trial.Arena.Sms.Repoint(trial.Arena.Simulator.Urls.Twilio.Port);
        trial.FaultOver(ct);
    }

    private static Task<int> CodesAsync(Trial trial, string code, CancellationToken ct) => trial.AskAsync<int>(Sql.NotSentBecause, ct, new { code, since = trial.StartedAt });

    private static class Sql
    {
        public const string LongestCall = "select coalesce(max(extract(epoch from finished_at - started_at)), 0)::double precision from attempts where started_at > @since and error_code is distinct from 'node_lost'";
        public const string NotSentBecause = "select count(*)::integer from attempts where outcome = 'not_sent' and error_code = @code and started_at > @since";
        public const string NotAccepted = "select count(*)::integer from attempts where outcome <> 'accepted' and started_at > @since";
        public const string AcceptedFromNobody = "select count(*)::integer from attempts where outcome = 'accepted' and started_at > @since";
    }
}
