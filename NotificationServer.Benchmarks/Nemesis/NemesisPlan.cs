using System.Globalization;
using NotificationServer.Benchmarks.Accounts;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

/// `./bench faults random [--minutes 30] [--seed N] [--nodes 3] [--per-second 30] [--small] [--json FILE]`
internal sealed record NemesisPlan(TimeSpan Length, int Seed, int Nodes, int PerSecond, Scale Scale)
{
    /// How often another fault is dealt.
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan Shortest { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(45);

    /// At the end nothing is done to anybody, while the load goes on.
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(1);

    /// The chance that a second fault strikes at the same time, on other ground.
    public double Together { get; init; } = 0.25;

    /// Of every node; in the short form the books are counted as often as anything else happens.
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public static NemesisPlan Parse(string[] args)
    {
        var minutes = double.TryParse(OutagePlan.After(args, "--minutes"), CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 30;
        var isSmall = args.Contains("--small");
        var plan = new NemesisPlan(
            TimeSpan.FromMinutes(minutes), Number("--seed", Random.Shared.Next(1_000_000)), Number("--nodes", 3), Number("--per-second", isSmall ? 20 : 30), isSmall ? Scale.Small : Scale.Long);
        return !isSmall ? plan : plan with
        {
            Every = TimeSpan.FromSeconds(10), Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(5), Quiet = TimeSpan.FromSeconds(10),
            Settings = new Dictionary<string, string> { ["Queue__Balance"] = "00:00:05" },
        };

        int Number(string name, int otherwise) =>
            int.TryParse(OutagePlan.After(args, name), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
    }
}
