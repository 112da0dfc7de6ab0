using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

internal sealed record NemesisPlan(TimeSpan Length, int Seed, int Nodes, int PerSecond, Scale Scale)
{
    private const string Usage = """
        Usage: ./bench faults random [--minutes 30] [--seed N] [--nodes 3] [--per-second 30] [--small] [--json FILE]

        Faults by chance, one after the other and sometimes two at once, on several nodes under load. The same seed deals the same faults.
        """;

    public string? File { get; init; }

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

    public static NemesisPlan Parse(IReadOnlyList<string> words)
    {
        var line = new CommandLine(words, Usage, ["--small"], ["--minutes", "--seed", "--nodes", "--per-second", "--json"]);
        var isSmall = line.Has("--small");
        var plan = new NemesisPlan(
            line.Minutes("--minutes", 30), line.Number("--seed", Random.Shared.Next(1_000_000), atLeast: 0), line.Number("--nodes", 3),
            line.Number("--per-second", isSmall ? 20 : 30), isSmall ? Scale.Small : Scale.Long) { File = line.Value("--json") };
        return !isSmall ? plan : plan with
        {
            Every = TimeSpan.FromSeconds(10), Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(5), Quiet = TimeSpan.FromSeconds(10),
            Settings = new Dictionary<string, string> { ["Queue__Balance"] = "00:00:05" },
        };
    }
}
