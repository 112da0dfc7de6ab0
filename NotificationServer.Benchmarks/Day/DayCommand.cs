using System.Globalization;
using System.Text.Json;
using NotificationServer.Benchmarks.Measures;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Day;

/// `./bench day`: docs/scaling.md.
internal static class DayCommand
{
    private const string MailVendor = "sendgrid";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    // What the breaker and retries wait for is compressed like the day, but not below what a machine needs to notice anything.
    private static readonly Dictionary<string, string?> Compressed = new()
    {
        ["Gates:OpenFor"] = "00:00:02",
        ["Gates:OpenAtMost"] = "00:00:04",
        ["Queue:RetryBase"] = "00:00:01",
        ["Queue:RetryCap"] = "00:00:05",
        ["Links:PublicUrl"] = "https://notifications.example.org",
    };

    /// 0: nothing was lost, and nothing left twice.
    public static async Task<int> RunAsync(string[] args, string? database, CancellationToken ct)
    {
        var plan = DayPlan.Parse(args);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"day: {plan.Length.TotalMinutes:0.#} minutes stand for 24 hours ({plan.TimesFaster:0} times faster); {plan.Messages:#,0} messages stand for {DayPlan.RealDay:#,0} (one of {1 / plan.Share:0}); {plan.PerSecond} a second on average, {plan.PerSecond / (DayPlan.RealDay / 86_400d):0.0} times the real day's"));
        await using var rig = await Rig.StartAsync(quick: false, database, ct);
        Console.WriteLine($"  {(await Machine.LookAtAsync(rig.Server, false, ct)).Describe()}");
        await using var arena = await rig.ArenaAsync("day", ct);
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await using var node = await ServerNode.StartAsync(arena, new Dictionary<string, string?>(providers.ServerConfiguration.Concat(Compressed)), ct);
        // The public address leads nowhere: providers tell nobody what became of a message, and look nobody up.
        providers.Callbacks.Plan = new CallbackPlan { Loss = 1 };
        await PacedSends.RunAsync(rig, node, providers, 1000, perSecond: 100, "warm", ct);
        await arena.UntilDrainedAsync(ct);
        // What warmed it up is not of the day.
        await arena.ExecuteAsync("analyze", null, ct);
        var warm = await arena.AskAsync<long>("select count(*) from messages", ct);

        var (wal, cpu, midnight) = (await arena.WalAsync(ct), node.Cpu, await arena.AskAsync<DateTime>("select clock_timestamp()", ct));
        var load = new DayLoad(plan, rig, node);
        var day = load.RunAsync(ct);
        await Task.WhenAll(day, OutageAsync(plan, providers, day, ct));
        await arena.UntilDrainedAsync(ct);

        var of = new DayFigures(arena, plan, midnight);
        var books = await of.BooksAsync(providers, ct);
        var report = new DayReport(plan, load, await of.WaitsAsync(ct), await of.SecondsAsync(ct), books with { Stored = books.Stored - warm, Sent = books.Sent - warm });
        report.Tell();
        var written = await arena.WalAsync(ct) - wal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  a message: {written / (double)load.Accepted:0} bytes of WAL, {(node.Cpu - cpu).TotalMicroseconds / load.Accepted:0} us of the node's processor; the node held at most {node.PeakMemory:0} MB"));
        if (plan.File is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report.Figures, Json), ct);
        return report.Figures["lost"] == 0 && report.Figures["duplicates"] == 0 ? 0 : 1;
    }

    private static async Task OutageAsync(DayPlan plan, SimulatorHost providers, Task day, CancellationToken ct)
    {
        await Task.WhenAny(day, Task.Delay(plan.Hour * DayPlan.OutageFrom, ct));
        providers.Faults.Set(MailVendor, new Fault { Status = 503 });
        Console.WriteLine($"  {DayPlan.OutageFrom:00}:00 the provider of mails answers 503");
        await Task.WhenAny(day, Task.Delay(plan.Hour * (DayPlan.OutageTo - DayPlan.OutageFrom), ct));
        providers.Faults.Clear(MailVendor);
        Console.WriteLine("  14:30 it works again");
    }
}
