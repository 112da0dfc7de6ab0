using System.Runtime.InteropServices;
using NotificationServer.Benchmarks.Accounts;
using NotificationServer.Benchmarks.Day;
using NotificationServer.Benchmarks.Faults;
using NotificationServer.Benchmarks.Fuzz;
using NotificationServer.Benchmarks.Measures;
using NotificationServer.Benchmarks.Pages;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Benchmarks.Seed;

namespace NotificationServer.Benchmarks;

internal static class BenchmarkProgram
{
#if HANGFIRE
    // A few hundred a second: what the server's own engine does in a quarter of a minute would take Hangfire a quarter of an hour.
    private const int Backlog = 10_000;
#else
    private const int Backlog = 200_000;
#endif

    internal static readonly IMeasure[] Measures =
    [
        new RawLimit(),
        new IntakeSingle(),
        new IntakeBatch(),
        new IntakeInProcess(),
        new DrainLocal("drain", Metrics.DrainInProcess, Backlog, TimeSpan.Zero),
        new DrainHttp(),
        new TwoNodes(),
        new DrainLocal("drain_50ms", Metrics.Drain50Ms, Backlog, TimeSpan.FromMilliseconds(50)),
        new LatencyIdle(),
        new LatencyUnderBulk(),
        new DrainLocal("history", Metrics.DrainHistory, Backlog, TimeSpan.Zero, history: 5_000_000),
        new Deciding(),
        new Rendering(),
        new Sustained(),
        new PageTimes(),
        new Campaign(),
        new Cost(),
    ];

    private static string? GivenDatabase => Environment.GetEnvironmentVariable("ConnectionStrings__Default");

    private static string DataFolder => Environment.GetEnvironmentVariable("NS_DATA_DIR") ?? ".data";

    public static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            return await PlayAsync(args, stop.Token);
        }
        catch (UsageException misspelt)
        {
            await Console.Error.WriteLineAsync(misspelt.Message);
            return 2;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> PlayAsync(string[] args, CancellationToken ct)
    {
        switch (args)
        {
            case ["faults", .. var rest]: return await FaultsCommand.RunAsync(rest, ct);
            case ["day", .. var rest]: return await DayCommand.RunAsync(rest, GivenDatabase, ct);
            case ["fuzz", .. var rest]: return await FuzzCommand.RunAsync(rest, GivenDatabase, ct);
            case ["outage", .. var rest]: return await ProofCommand.OutageAsync(rest, ct);
            case ["rates", .. var rest]: return await ProofCommand.RatesAsync(rest, ct);
            case ["seed", .. var rest]: return await SeedCommand.RunAsync(rest, GivenDatabase, DataFolder, ct);
            case [Commands.Node]: return await WorkAsync(ct);
            default:
                await RunAsync(Wish.Parse(args, Measures), ct);
                return 0;
        }
    }

    internal static async Task<Report> RunAsync(Wish wish, CancellationToken ct)
    {
        await using var rig = await Rig.StartAsync(wish.Quick, GivenDatabase, ct);
        var report = new Report(wish.Name, await Machine.LookAtAsync(rig.Server, wish.Quick, ct));
        foreach (var measure in wish.Measures)
        {
            Console.WriteLine($"{measure.Name} ...");
            await measure.RunAsync(rig, report, ct);
        }
        if (report.Of(Metrics.WalIntake) + report.Of(Metrics.WalDrain) is { } wal) report.Add(Metrics.Wal, wal, "bytes");
        Console.WriteLine();
        Console.WriteLine(report.Table());
        if (wish.JsonFile is { } file) await File.WriteAllTextAsync(file, report.Json() + "\n", ct);
        return report;
    }

    /// A node with the counting provider, until it is told to end.
    private static async Task<int> WorkAsync(CancellationToken stop)
    {
        await using var node = await LocalNode.StartAsync(GivenDatabase ?? "", delivers: true, TimeSpan.Zero, stop);
        Console.WriteLine("Now listening on: http://127.0.0.1:1");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
