using System.Globalization;

namespace NotificationServer.Benchmarks.Accounts;

internal sealed record RatePlan(int PerSecond, TimeSpan Length, bool Kills)
{
    public const string Usage = """
        Usage: ./bench rates [--quick] [--rate N,N] [--json FILE]

        An account that allows N a second (default 50, then 200) is offered more, for ten minutes each (--quick: half a minute).
        """;

    public const int Nodes = 3;

    /// So much more comes in than may go out.
    public const double Pressure = 1.3;

    /// Four fifths of what the rate alone would allow: the rest of the time nothing may leave any more.
    public int DailyCap => (int)(PerSecond * Length.TotalSeconds * 0.8 / 1.05);

    public static IReadOnlyList<RatePlan> Parse(CommandLine line)
    {
        var length = line.Has("--quick") ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(10);
        return [.. (line.Value("--rate") ?? "50,200").Split(',').Select(rate => new RatePlan(PerSecondOf(rate), length, Kills: true))];
    }

    private static int PerSecondOf(string rate) =>
        int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var perSecond) && perSecond > 0 ? perSecond : throw new UsageException(Usage);
}
