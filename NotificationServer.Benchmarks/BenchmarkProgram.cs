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
        if (args is ["faults", .. var rest]) return await FaultsCommand.RunAsync(rest, stop.Token);
        if (args is ["day", .. var day]) return await DayCommand.RunAsync(day, GivenDatabase, stop.Token);
        if (args is ["fuzz", .. var fuzz]) return await FuzzCommand.RunAsync(fuzz, GivenDatabase, stop.Token);
        if (args is ["outage", .. var outage]) return await ProofCommand.OutageAsync(outage, stop.Token);
        if (args is ["rates", .. var rates]) return await ProofCommand.RatesAsync(rates, stop.Token);
        if (args is ["seed", .. var seed]) return await SeedCommand.RunAsync(seed, GivenDatabase, DataFolder, stop.Token);
        if (args is [Commands.Node]) return await WorkAsync(stop.Token);
        if (Wish.Parse(args, Measures) is not { } wish)
        {
            await Console.Error.WriteLineAsync(Wish.Usage(Measures));
            return 2;
        }
        await RunAsync(wish, stop.Token);
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
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
