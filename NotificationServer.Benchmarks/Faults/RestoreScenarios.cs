namespace NotificationServer.Benchmarks.Faults;

/// An older copy of the database is put back.
internal static class RestoreScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static IEnumerable<Scenario> All =>
    [
        new("F17", "a backup is put back that does not know what was sent since", OldBackupAsync) { NeedsPostgres = true, MayEndUnsent = true },
    ];

    private static async Task OldBackupAsync(Trial trial, CancellationToken ct)
    {
        if (trial.Arena.Postgres is not { } postgres)
        {
            trial.NotRun = "needs a PostgreSQL of its own";
            return;
        }
        // Queued in the copy, due soon after it was made: sent by the time that it comes back.
        await trial.PostAsync(trial.Mixed(trial.Scale.Events), ct);
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(15);
        var queued = trial.Mixed(Math.Min(trial.Scale.Events, 2000)).Select(wanted => wanted with { SendAt = due }).ToList();
        await trial.PostAsync(queued, ct);
        await postgres.StopAsync("fast", ct);
        await postgres.KeepCopyAsync(ct);
        await postgres.StartAgainAsync(ct);
        trial.Demand(TimeProvider.System.GetUtcNow() < due, "the copy was made too late to hold anything that is queued");
        trial.Demand(await Until.TrueAsync(() => Copies(trial, queued) == queued.Count, Soon * 2, ct), "what was queued in the copy was not sent before it was put back");

        // One node lives through it, another begins after it.
        await trial.Arena.Nodes[0].KillAsync(ct);
        await postgres.StopAsync("fast", ct);
        await postgres.RestoreAsync(ct);
        var before = trial.Arena.Ledger.Count();
        await postgres.StartAgainAsync(ct);
        await trial.Arena.EnsureNodesAsync(ct);
        var since = TimeProvider.System.GetTimestamp();
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<string?>("select doubt from instance", ct) == "older", Soon, ct), "nobody noticed that the database is an older copy");
        trial.Measured("noticed_s", TimeProvider.System.GetElapsedTime(since).TotalSeconds);

        // Taken in, and not sent: neither the new ones nor those that the copy brings back.
        await trial.PostAsync(trial.Mixed(20), ct);
        await Task.Delay(trial.Scale.Poll * 5 + TimeSpan.FromSeconds(3), ct); // time enough for every loop of every node to send what it should not
        var unwanted = trial.Arena.Ledger.Count() - before;
        trial.Measured("unwanted_sends", unwanted);
        trial.Demand(unwanted == 0, $"{unwanted} messages were sent from an older copy that nobody had looked at");

        var decided = await trial.Arena.CommandAsync(ct, "confirm-restore", "--queued", "set-aside", "--reason", "a drill");
        trial.Demand(decided.Succeeded, $"confirm-restore said: {decided.Output}");
        trial.FaultOver(ct);
        trial.Demand(await Until.TrueAsync(async () => await trial.AskAsync<bool>("select held_at is null from instance", ct), Soon * 2, ct), "sending did not go on");
        trial.Measured("set_aside", await trial.AskAsync<int>("select count(*)::integer from dead_letters where error_code = 'restored'", ct));
    }

    private static int Copies(Trial trial, IEnumerable<Wanted> wanted)
    {
        var sent = trial.Arena.Ledger.Select(entry => entry.To).ToHashSet(StringComparer.Ordinal);
        return wanted.Count(one => sent.Contains(one.To));
    }
}
