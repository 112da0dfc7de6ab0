using System.Globalization;

namespace NotificationServer.Benchmarks.Seed;

/// How much to store. The messages are spread over the last thirty days, the newest are a minute old.
internal sealed record SeedPlan(int Users = 1_000_000, int Messages = 5_000_000)
{
    public static readonly SeedPlan Quick = new(20_000, 100_000);

    public static SeedPlan? Parse(IReadOnlyList<string> arguments)
    {
        var plan = new SeedPlan();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--quick")
            {
                plan = Quick;
                continue;
            }

            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1_000) return null;
            switch (arguments[i++])
            {
                case "--users": plan = plan with { Users = count }; break;
                case "--messages": plan = plan with { Messages = count }; break;
                default: return null;
            }
        }

        return plan;
    }
}
