namespace NotificationServer.Benchmarks.Faults;

/// What happens between us, the database, the providers and the clients.
internal static class NetworkScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F18", "a slow way to the database", IsSlowAsync),
        new("F19", "the connections of a node to the database are half open", GoesSilentAsync) { MayDuplicate = true },
        new("F20", "a node is cut off from the database; the provider is cut off from all", IsCutOffAsync) { MayDuplicate = true },
        new("F21", "the client loses the answer and asks again", LosesAnswersAsync),
    ];

    private static async Task IsSlowAsync(Trial trial, CancellationToken ct)
    {
        // Four round trips from the claim to the result; in the small form the lease is short as well.
        var delay = trial.Scale.Lease / 40;
        var slow = new ProxyRules { Delay = delay < TimeSpan.FromSeconds(0.5) ? delay : TimeSpan.FromSeconds(0.5), Jitter = delay < TimeSpan.FromSeconds(0.5) ? delay / 2 : TimeSpan.FromSeconds(0.3) };
        foreach (var node in trial.Arena.Nodes) node.Database.Rules = slow;
        var since = TimeProvider.System.GetTimestamp();
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery, ct);
        trial.Measured("messages_per_s", trial.Scale.Events / TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        trial.Demand(await trial.NodeLostAsync(ct) == 0, "a lease ran out, though its node was only slow");
        foreach (var node in trial.Arena.Nodes) node.Database.Rules = ProxyRules.Pass;
        trial.FaultOver(ct);
    }

    private static async Task GoesSilentAsync(Trial trial, CancellationToken ct)
    {
        var silent = trial.Arena.Nodes[0];
        var load = trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await Until.TrueAsync(() => trial.AcceptedBy("twilio") > 5, Soon, ct);
        silent.Database.Rules = new ProxyRules { HalfOpen = true };
        await trial.NoteInFlightAsync(ct);
        await Task.Delay(trial.Scale.Outage + trial.Scale.Lease, ct); // how long it is silent is the fault
        silent.Database.Rules = ProxyRules.Pass;
        trial.FaultOver(ct);
        await load;
        trial.Demand(await Until.TrueAsync(() => silent.IsReadyAsync(ct), Soon, ct), "the node did not find its way back to the database");
    }

    private static async Task IsCutOffAsync(Trial trial, CancellationToken ct)
    {
        var cut = trial.Arena.Nodes[0];
        var load = trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await Until.TrueAsync(() => trial.AcceptedBy("twilio") > 5, Soon, ct);
        cut.Database.Rules = new ProxyRules { Refuse = true };
        cut.Database.ResetAll();
        await trial.NoteInFlightAsync(ct);
        await Task.Delay(trial.Scale.Outage, ct); // as long as the fault lasts
        cut.Database.Rules = ProxyRules.Pass;
        await load;
        await new Checker(trial.Arena).DrainedAsync(trial.Scale.Recovery, ct);

        var failed = await FailuresAsync(trial, ct);
        trial.Arena.Sms.Rules = new ProxyRules { Refuse = true };
        trial.Arena.Sms.ResetAll();
        var waiting = trial.Texts(trial.Scale.Events / 4);
        await trial.PostAsync(waiting, ct);
        await Task.Delay(trial.Scale.Outage, ct); // as long as the fault lasts
        trial.Demand(await FailuresAsync(trial, ct) <= failed, "attempts were counted against messages that could not leave");
        trial.Arena.Sms.Rules = ProxyRules.Pass;
        trial.FaultOver(ct);
    }

    private static async Task LosesAnswersAsync(Trial trial, CancellationToken ct)
    {
        await using var first = new FaultProxy(trial.Arena.Nodes[0].Url.Port) { Rules = new ProxyRules { LoseAnswers = 0.8 } };
        await using var second = new FaultProxy(trial.Arena.Nodes[1].Url.Port) { Rules = new ProxyRules { LoseAnswers = 0.8 } };
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct, [new($"http://127.0.0.1:{first.Port}"), new($"http://127.0.0.1:{second.Port}")]);
        trial.FaultOver(ct);
        trial.Measured("answers_lost", first.Struck + second.Struck);
        trial.Demand(first.Struck + second.Struck > trial.Scale.Events, "too few answers were lost");
    }

    private static Task<int> FailuresAsync(Trial trial, CancellationToken ct) => trial.AskAsync<int>("select coalesce(sum(failures), 0)::integer from jobs", ct);
}
