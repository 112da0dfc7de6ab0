using System.Text.Json;
using NotificationServer.Benchmarks.Nemesis;
using NotificationServer.Platform;

namespace NotificationServer.Benchmarks.Faults;

/// Every fault in its long form, a line each. `./bench faults random`: NemesisCommand.
internal static class FaultsCommand
{
    private static readonly string Usage = $"""
        Usage: ./bench faults [F01,F10,...] [--small] [--json FILE]
               ./bench faults random [--minutes 30] [--seed N] [--nodes 3] [--per-second 30] [--small] [--json FILE]

        Plays the named faults, else all of them (hours; --small: minutes): {string.Join(", ", Scenarios.All.Select(scenario => scenario.Id))}.
        What each is: docs/reliability.md.
        """;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// 0: every scenario that ran is valid.
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        if (args is ["random", .. var rest]) return await NemesisCommand.RunAsync(rest, ct);
        var line = new CommandLine(args, Usage, ["--small"], ["--json"], word => word.Split(',').All(id => Scenarios.All.Any(scenario => Is(scenario, id))));
        var scale = line.Has("--small") ? Scale.Small : Scale.Long;
        var wanted = line.Names.SelectMany(word => word.Split(',')).ToList();
        var scenarios = Scenarios.All.Where(scenario => wanted.Count == 0 || wanted.Exists(id => Is(scenario, id))).ToList();

        var lines = new List<LedgerLine>();
        var onASmallDisk = scenarios.Where(scenario => scenario.NeedsSmallDisk).ToList();
        var withAStandby = scenarios.Where(scenario => scenario.NeedsStandby).ToList();
        if (scenarios.Count > onASmallDisk.Count + withAStandby.Count)
        {
            await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = scale }, ct);
            foreach (var scenario in scenarios.Except(onASmallDisk).Except(withAStandby)) lines.Add(await PlayAsync(scenario, arena, ct));
        }
        foreach (var scenario in withAStandby) lines.Add(await PlayWithAStandbyAsync(scenario, scale, ct));
        foreach (var scenario in onASmallDisk) lines.Add(await PlayOnASmallDiskAsync(scenario, scale, ct));

        if (line.Value("--json") is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { name = "faults", scale = scale.Name, results = lines }, Json), ct);
        Console.WriteLine($"{lines.Count(line => line.Valid)} valid, {lines.Count(line => line is { Valid: false, NotRun: null })} not valid, {lines.Count(line => line.NotRun is not null)} not run");
        return lines.All(line => line.Valid || line.NotRun is not null) ? 0 : 1;
    }

    /// F10 is F10 and every variant of it, F10.slow.
    private static bool Is(Scenario scenario, string id) => id.Equals(scenario.Id, StringComparison.OrdinalIgnoreCase) || id.Equals(scenario.Id.Split('.')[0], StringComparison.OrdinalIgnoreCase);

    private static async Task<LedgerLine> PlayAsync(Scenario scenario, Arena arena, CancellationToken ct)
    {
        Console.WriteLine($"{scenario.Id} {scenario.Title}");
        LedgerLine line;
        try
        {
            line = await ScenarioRun.PlayAsync(scenario, arena, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException or Npgsql.NpgsqlException or StartupException)
        {
            line = new LedgerLine { Scenario = scenario.Id, Findings = [$"the scenario broke off: {e.Message}"], Unexpected = 1 };
        }
        Tell(line);
        return line;
    }

    private static async Task<LedgerLine> PlayWithAStandbyAsync(Scenario scenario, Scale scale, CancellationToken ct)
    {
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = scale, StandbyPort = Standby.FreePort() }, ct);
        return await PlayAsync(scenario, arena, ct);
    }

    private static async Task<LedgerLine> PlayOnASmallDiskAsync(Scenario scenario, Scale scale, CancellationToken ct)
    {
        await using var data = await SmallDisk.MountAsync(ct);
        await using var log = await SmallDisk.MountAsync(ct);
        if (data is null || log is null) return new LedgerLine { Scenario = scenario.Id, NotRun = "mounting a small disk needs root on Linux" };
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = scale, PostgresFolder = data.Folder, LogFolder = log.Folder }, ct);
        return await PlayAsync(scenario, arena, ct);
    }

    private static void Tell(LedgerLine line)
    {
        Console.WriteLine($"  {line}");
        foreach (var finding in line.Findings.Take(10)) Console.WriteLine($"    - {finding}");
        if (line.Figures.Count > 0) Console.WriteLine($"    {string.Join(" ", line.Figures.Select(figure => $"{figure.Key} {figure.Value}"))}");
    }
}
