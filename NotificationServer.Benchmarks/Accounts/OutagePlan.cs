namespace NotificationServer.Benchmarks.Accounts;

/// The ways in which an account is down.
internal enum OutageKind
{
    /// It says nothing; every second such call was taken all the same. Nobody knows which.
    Hangs,
    /// Nobody listens.
    Refuses,
    /// 503.
    Errors,
}

internal sealed record OutagePlan(TimeSpan Before, TimeSpan Length, int PerSecond, IReadOnlyList<OutageKind> Kinds)
{
    public const string Usage = """
        Usage: ./bench outage [--quick] [--first hangs|refuses|errors] [--per-second N] [--json FILE]

        One of two accounts is down for half an hour (--quick: two minutes) in each of three ways, while N (default 50) messages a second are sent.
        """;

    /// The account is asked again at last after `Gates:OpenAtMost` and a bit; after that it must have been found to work.
    public static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(6);

    /// What the issue asks for.
    public static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(30);

    public static OutagePlan Parse(CommandLine line)
    {
        var first = OutageKind.Hangs;
        if (line.Value("--first") is { } given && !Enum.TryParse(given, ignoreCase: true, out first)) throw new UsageException(Usage);
        IReadOnlyList<OutageKind> kinds = [first, .. Enum.GetValues<OutageKind>().Where(other => other != first)];
        var perSecond = line.Number("--per-second", 50);
        return line.Has("--quick")
            ? new OutagePlan(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2), perSecond, kinds)
            : new OutagePlan(TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(30), perSecond, kinds);
    }
}
