using System.Text.Json;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// `./bench outage` and `./bench rates`: what is promised of accounts, shown on server processes, a PostgreSQL and the simulated providers.
internal static class ProofCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static async Task<int> OutageAsync(string[] args, CancellationToken ct)
    {
        var line = new CommandLine(args, OutagePlan.Usage, ["--quick"], ["--first", "--per-second", "--json"]);
        var plan = OutagePlan.Parse(line);
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.AsConfigured, SecondPlace = true }, ct);
        return await PlayAsync([new Outage(plan).Scenario], arena, line.Value("--json"), ct);
    }

    public static async Task<int> RatesAsync(string[] args, CancellationToken ct)
    {
        var line = new CommandLine(args, RatePlan.Usage, ["--quick"], ["--rate", "--json"]);
        var plans = RatePlan.Parse(line);
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = Scale.AsConfigured, Nodes = RatePlan.Nodes }, ct);
        return await PlayAsync([.. plans.Select(plan => new Rates(plan).Scenario)], arena, line.Value("--json"), ct);
    }

    /// 0: everything that was played is valid.
    private static async Task<int> PlayAsync(IReadOnlyList<Scenario> scenarios, Arena arena, string? file, CancellationToken ct)
    {
        var lines = new List<LedgerLine>();
        foreach (var scenario in scenarios)
        {
            Console.WriteLine($"{scenario.Id} {scenario.Title}");
            var line = await ScenarioRun.PlayAsync(scenario, arena, ct);
            Console.WriteLine($"  {line}");
            foreach (var finding in line.Findings.Take(10)) Console.WriteLine($"    - {finding}");
            foreach (var (name, value) in line.Figures) Console.WriteLine($"    {name} {value}");
            lines.Add(line);
        }
        if (file is not null) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(lines, Json), ct);
        return lines.All(line => line.Valid) ? 0 : 1;
    }
}
