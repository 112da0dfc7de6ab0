using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Faults;

/// What happens to our own processes.
internal static class ProcessScenarios
{
    private const string FailPoint = "NS_FAILPOINT";
    private const int Killed = 137;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F01", "kill -9 after the claim, before the provider call", DiesBeforeTheCallAsync),
        new("F02", "kill -9 after the provider accepted, before its answer", DiesBeforeTheAnswerAsync) { MayDuplicate = true },
        new("F03", "kill -9 after the answer, before our commit", DiesBeforeTheCommitAsync) { MayDuplicate = true },
        new("F04", "SIGTERM with sends in flight; SIGTERM, then kill -9", StopsAsync) { MayDuplicate = true },
        new("F06", "a node frozen for twice its lease, then resumed", FreezesAsync) { MayDuplicate = true },
        new("F08", "an exception escapes one channel's loop", LoopBreaksAsync),
        new("F09", "all nodes killed at once, with a backlog", AllDieAsync),
    ];

    private static async Task DiesBeforeTheCallAsync(Trial trial, CancellationToken ct)
    {
        var load = trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        // It dies of the first message that it is about to send, with all that it claimed in its hands: nothing can have left.
        var doomed = await trial.ExtraNodeAsync(ct, (FailPoint, "before_socket_write:exit"));
        await load;
        await FeedUntilDeadAsync(trial, doomed, ct);
        trial.FaultOver(ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.NodeLostAsync(ct) > 0, trial.Scale.Recovery, ct), "no job of the dead node was rescued");
    }

    private static async Task DiesBeforeTheCommitAsync(Trial trial, CancellationToken ct)
    {
        var doomed = await trial.ExtraNodeAsync(ct, (FailPoint, "after_reply_before_commit:exit"));
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        await FeedUntilDeadAsync(trial, doomed, ct);
        trial.FaultOver(ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.NodeLostAsync(ct) > 0, trial.Scale.Recovery, ct), "no job of the dead node was rescued");
    }

    /// Bursts, because an idle queue is worked by whoever is woken first, and that is the node that took the request.
    private static async Task FeedUntilDeadAsync(Trial trial, ServerNode doomed, CancellationToken ct)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (doomed.IsAlive && TimeProvider.System.GetElapsedTime(end) < Soon) await trial.PostAsync([trial.NewSms()], ct, [doomed.Url]);
        trial.Demand(!doomed.IsAlive && await doomed.ExitAsync(ct) == Killed, "the doomed node did not die at its fail point");
    }

    private static async Task DiesBeforeTheAnswerAsync(Trial trial, CancellationToken ct)
    {
        var (doomed, other) = (trial.Arena.Nodes[0], trial.Arena.Nodes[1]);
        // Long claims nothing while it stands still, so that all that is in flight is the doomed node's.
        await other.FreezeAsync(ct);
        trial.Arena.Simulator.Faults.Set("twilio", new Fault { Hold = true });
        var inFlight = trial.Texts(Math.Min(100, trial.Scale.Events / 3));
        await trial.PostAsync(inFlight, ct, [doomed.Url]);
        trial.Demand(await Until.TrueAsync(() => trial.AcceptedBy("twilio") > inFlight.Count / 2, trial.Scale.Deadline, ct), "too little was in flight when the node died");
        await doomed.KillAsync(ct);
        trial.FaultOver(ct);
        trial.Arena.Simulator.Faults.Clear("twilio");
        await other.ThawAsync(ct);
        trial.Measured("in_flight", trial.AcceptedBy("twilio"));
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 3), ct, [other.Url]);
        trial.Demand(await Until.TrueAsync(async () => await trial.NodeLostAsync(ct) >= inFlight.Count / 2, trial.Scale.Recovery, ct), "the open attempts of the dead node were not written down as unknown");
    }

    private static async Task StopsAsync(Trial trial, CancellationToken ct)
    {
        var slow = trial.Scale.Deadline * 0.6;
        trial.Arena.Simulator.Faults.Set("twilio", new Fault { Delay = slow });
        await StopInFlightAsync(trial, ct);
        var since = TimeProvider.System.GetTimestamp();
        trial.Demand(await trial.Arena.Nodes[0].TerminateAsync(ct) == 0, "a node that was asked to stop did not end with 0");
        trial.Measured("drain_s", TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<int>("select count(*)::integer from jobs", ct) == 0, TimeSpan.FromSeconds(2) + (slow * 2), ct), "what the stopping node had not started was not taken over at once");
        trial.Demand(trial.Arena.Simulator.Ledger.Where(entry => entry.At > trial.StartedAt).GroupBy(entry => entry.To).All(copies => copies.Count() == 1), "an orderly stop sent something twice");

        await trial.Arena.EnsureNodesAsync(ct);
        await StopInFlightAsync(trial, ct);
        await trial.Arena.Nodes[0].SignalAsync("TERM", ct);
        await Task.Delay(slow / 4, ct); // the impatience of whoever stops it is part of the fault
        await trial.Arena.Nodes[0].KillAsync(ct);
        trial.FaultOver(ct);
    }

    private static async Task StopInFlightAsync(Trial trial, CancellationToken ct)
    {
        var before = trial.AcceptedBy("twilio");
        await trial.PostAsync(trial.Texts(50), ct);
        await Until.TrueAsync(() => trial.AcceptedBy("twilio") > before + 10, trial.Scale.Deadline, ct);
    }

    private static async Task FreezesAsync(Trial trial, CancellationToken ct)
    {
        trial.Arena.Simulator.Faults.Set("twilio", new Fault { Delay = trial.Scale.Deadline / 2 });
        var before = trial.AcceptedBy("twilio");
        var zombie = trial.Arena.Nodes[0];
        await trial.PostAsync(trial.Texts(trial.Scale.Events / 2), ct, [zombie.Url]);
        await Until.TrueAsync(() => trial.AcceptedBy("twilio") > before, Soon, ct);
        await zombie.FreezeAsync(ct);
        await trial.NoteInFlightAsync(ct);
        trial.Arena.Simulator.Faults.Clear("twilio");
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 2), ct, [trial.Arena.Nodes[1].Url]);
        await Task.Delay(trial.Scale.Lease * 2, ct); // how long it is frozen is the fault
        var sent = trial.AcceptedBy("twilio");
        await zombie.ThawAsync(ct);
        trial.FaultOver(ct);
        trial.Demand(await Until.TrueAsync(() => zombie.IsReadyAsync(ct), Soon, ct), "the thawed node did not come back");
        trial.Measured("sent_by_the_zombie_after_its_lease", trial.AcceptedBy("twilio") - sent);
    }

    private static async Task LoopBreaksAsync(Trial trial, CancellationToken ct)
    {
        var breaking = await trial.ExtraNodeAsync(ct, (FailPoint, "sms_loop:throw:5"));
        foreach (var node in trial.Arena.Nodes) await node.FreezeAsync(ct);
        await trial.PostAsync(trial.Mixed(trial.Scale.Events / 2), ct, [breaking.Url]);
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<int>("select count(*)::integer from jobs", ct) == 0, Soon, ct), "the broken loop did not start again");
        trial.Demand(breaking.IsAlive, "one channel's defect took the whole node down");
        trial.Demand(breaking.Output.Contains("The fail point sms_loop struck", StringComparison.Ordinal), "the defect is not in the log");
        trial.FaultOver(ct);
    }

    /// Held back when they die, so that all of it waits and nothing is under way: what dies under way is F02 and F03.
    private static async Task AllDieAsync(Trial trial, CancellationToken ct)
    {
        await SwitchAsync(trial, "pause", ct);
        await trial.PostAsync(trial.Mixed(trial.Scale.Events * 2), ct);
        await Task.WhenAll(trial.Arena.Nodes.Select(node => node.KillAsync(ct)));
        trial.Measured("backlog", await trial.AskAsync<int>("select count(*)::integer from jobs", ct));
        trial.Demand(trial.AcceptedBy("twilio") + trial.AcceptedBy("sendgrid") == 0, "something was sent although it was held");
        await Task.Delay(trial.Scale.Outage, ct); // how long nobody lives is the fault
        await trial.Arena.EnsureNodesAsync(ct);
        trial.FaultOver(ct);
        await SwitchAsync(trial, "resume", ct);
        var most = 0;
        await Until.TrueAsync(async () =>
        {
            most = Math.Max(most, await trial.AskAsync<int>(Sql.Connections, ct));
            return await trial.AskAsync<int>("select count(*)::integer from jobs", ct) == 0;
        }, trial.Scale.Recovery * 4, ct);
        trial.Measured("most_connections", most);
        trial.Demand(await trial.AskAsync<int>(Sql.RefusedConnections, ct) > most, "every connection that PostgreSQL has was in use");
    }

    /// Holds what is queued, or lets it go; a switch is obeyed everywhere within two seconds.
    private static async Task SwitchAsync(Trial trial, string what, CancellationToken ct)
    {
        foreach (var channel in new[] { "sms", "email" })
            await trial.Client.SendAsync(HttpMethod.Post, trial.Arena.Urls[0], $"/v1/ops/queues/{channel}:{what}", new Dictionary<string, string> { ["reason"] = "a fault is played" }, ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct); // the time that every node is given to obey
    }

    private static class Sql
    {
        public const string Connections = "select count(*)::integer from pg_stat_activity where application_name like 'notification-server%' and datname = current_database()";
        public const string RefusedConnections = "select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer";
    }
}
