namespace NotificationServer.Benchmarks.Seed;

/// How much to store. The messages are spread over the last thirty days, the newest are a minute old.
internal sealed record SeedPlan(int Users = 1_000_000, int Messages = 5_000_000)
{
    public static readonly SeedPlan Quick = new(20_000, 100_000);

    public static SeedPlan Parse(CommandLine line)
    {
        var usual = line.Has("--quick") ? Quick : new SeedPlan();
        return new SeedPlan(line.Number("--users", usual.Users, atLeast: 1_000), line.Number("--messages", usual.Messages, atLeast: 1_000));
    }
}
