using System.Globalization;

namespace NotificationServer.Benchmarks.Accounts;

/// `./bench rates [--quick] [--rate N,N] [--json FILE]`: each rate for ten minutes, or half a minute.
internal sealed record RatePlan(int PerSecond, TimeSpan Length, bool Kills)
{
    public const int Nodes = 3;

    /// So much more comes in than may go out.
    public const double Pressure = 1.3;

    /// Four fifths of what the rate alone would allow: the rest of the time nothing may leave any more.
    public int DailyCap => (int)(PerSecond * Length.TotalSeconds * 0.8 / 1.05);

    public static IEnumerable<RatePlan> Parse(string[] args)
    {
        var isQuick = args.Contains("--quick");
        foreach (var rate in (OutagePlan.After(args, "--rate") ?? "50,200").Split(','))
            yield return new RatePlan(int.Parse(rate, CultureInfo.InvariantCulture), isQuick ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(10), Kills: true);
    }
}
