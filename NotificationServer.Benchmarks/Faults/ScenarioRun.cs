namespace NotificationServer.Benchmarks.Faults;

/// Plays a scenario on an arena: load and fault, the end of every fault, the wait until all is done, the books.
internal static class ScenarioRun
{
    public static async Task<LedgerLine> PlayAsync(Scenario scenario, Arena arena, CancellationToken ct)
    {
        await arena.HealAsync(ct);
        if (await arena.EnsureNodesAsync(ct)) await WarmUpAsync(arena, ct);
        // Unique, so that one database can hold the books of many runs.
        var id = $"{scenario.Id}.{Guid.CreateVersion7().ToString("N")[^8..]}";
        using var log = new AckedLog(arena.FileFor($"{id}.acked.log"));
        using var client = new LoadClient(arena.ApiKey, log, TimeProvider.System);
        var trial = new Trial(id, arena, client);
        try
        {
            await scenario.PlayAsync(trial, ct);
        }
        finally
        {
            await trial.EndAsync(ct);
        }
        if (trial.NotRun is not null) return new LedgerLine { Scenario = scenario.Id, NotRun = trial.NotRun };

        await arena.EnsureNodesAsync(ct);
        if (!trial.IsFaultOver) trial.FaultOver(ct);
        var checker = new Checker(arena);
        var drained = await checker.DrainedAsync(arena.Scale.Recovery + TimeSpan.FromSeconds(30) + (arena.Scale.UnknownWait * 2), ct);
        var recovery = await trial.RecoveryAsync();
        trial.Demand(drained, "something was still waiting when the patience was over");
        return await checker.CheckAsync(scenario, trial, log, recovery, ct);
    }

    /// What a cold process does for the first time takes longer than a provider's deadline on a busy machine.
    private static async Task WarmUpAsync(Arena arena, CancellationToken ct)
    {
        using var log = new AckedLog(arena.FileFor("warm-up.acked.log"));
        using var client = new LoadClient(arena.ApiKey, log, TimeProvider.System);
        var trial = new Trial($"warm.{Guid.CreateVersion7().ToString("N")[^8..]}", arena, client);
        foreach (var url in arena.Urls) await trial.PostAsync(trial.Mixed(10), ct, [url]);
        await new Checker(arena).DrainedAsync(arena.Scale.Recovery, ct);
        arena.Warmed();
    }
}
