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

/// `./bench outage [--quick] [--first hangs|refuses|errors] [--per-second N] [--json FILE]`
internal sealed record OutagePlan(TimeSpan Before, TimeSpan Length, int PerSecond, IReadOnlyList<OutageKind> Kinds)
{
    /// The account is asked again at last after `Gates:OpenAtMost` and a bit; after that it must have been found to work.
    public static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(6);

    /// What the issue asks for.
    public static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(30);

    public static OutagePlan Parse(string[] args)
    {
        var first = Enum.TryParse<OutageKind>(After(args, "--first"), ignoreCase: true, out var kind) ? kind : OutageKind.Hangs;
        IReadOnlyList<OutageKind> kinds = [first, .. Enum.GetValues<OutageKind>().Where(other => other != first)];
        var perSecond = int.TryParse(After(args, "--per-second"), out var wanted) && wanted > 0 ? wanted : 50;
        return args.Contains("--quick")
            ? new OutagePlan(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2), perSecond, kinds)
            : new OutagePlan(TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(30), perSecond, kinds);
    }

    internal static string? After(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
