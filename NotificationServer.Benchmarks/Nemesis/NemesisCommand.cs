using System.Text.Json;
using NotificationServer.Benchmarks.Faults;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Benchmarks.Nemesis;

/// `./bench faults random`: docs/reliability.md.
internal static class NemesisCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// 0: nothing was lost, and nothing else was found.
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        var plan = NemesisPlan.Parse(args);
        await using var arena = await Arena.StartAsync(new ArenaOptions { Scale = plan.Scale, Nodes = plan.Nodes, Settings = plan.Settings }, ct);
        var line = await PlayAsync(plan, arena, ct);
        Console.WriteLine($"  {line}");
        foreach (var finding in line.Findings.Take(20)) Console.WriteLine($"    - {finding}");
        foreach (var (name, value) in line.Figures) Console.WriteLine($"    {name} {value}");
        if (plan.File is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(line, Json), ct);
        return line.Valid ? 0 : 1;
    }

    private static async Task<LedgerLine> PlayAsync(NemesisPlan plan, Arena arena, CancellationToken ct)
    {
        var scenario = new RandomFaults(plan).Scenario;
        Console.WriteLine($"{scenario.Id} {scenario.Title}");
        try
        {
            return await ScenarioRun.PlayAsync(scenario, arena, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException or NpgsqlException or StartupException)
        {
            return new LedgerLine { Scenario = scenario.Id, Findings = [$"the run broke off: {e.Message}"], Unexpected = 1 };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new LedgerLine { Scenario = scenario.Id, NotRun = "somebody ended it" };
        }
    }
}
