using System.Diagnostics;

namespace NotificationServer.Benchmarks.Faults;

/// Plays a scenario on an arena: load and fault, the end of every fault, the wait until all is done, the books.
internal static class ScenarioRun
{
    public static async Task<LedgerLine> PlayAsync(Scenario scenario, Arena arena, CancellationToken ct)
    {
        await arena.HealAsync(ct);
        await arena.EnsureNodesAsync(ct);
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
        if (trial.SecondsSinceFault == 0) trial.FaultOver();
        var checker = new Checker(arena);
        var drained = await checker.DrainedAsync(arena.Scale.Recovery + TimeSpan.FromSeconds(30) + (arena.Scale.UnknownWait * 2), ct);
        var recovery = trial.SecondsSinceFault;
        trial.Demand(drained, "something was still waiting when the patience was over");
        return await checker.CheckAsync(scenario, trial, log, recovery, ct);
    }

    public static double Elapsed(long since) => Stopwatch.GetElapsedTime(since).TotalSeconds;
}
