namespace NotificationServer.Benchmarks.Nemesis;

/// Deals mishaps by chance: a shuffled deck, dealt to its end and shuffled again, so that a run of half an hour meets nearly every kind.
internal sealed class Deck(IReadOnlyList<Mishap> mishaps, NemesisPlan plan)
{
    private readonly Random dice = new(plan.Seed);
    private readonly List<Mishap> left = [];

    /// One, or sometimes two that strike together.
    public IReadOnlyList<Turn> Deal()
    {
        var first = Draw(_ => true);
        return dice.NextDouble() < plan.Together ? [first, Draw(other => other.Ground != first.Mishap.Ground)] : [first];
    }

    private Turn Draw(Func<Mishap, bool> fits)
    {
        if (!left.Any(fits))
        {
            var all = mishaps.ToArray();
            dice.Shuffle(all);
            left.AddRange(all);
        }
        var drawn = left.First(fits);
        left.Remove(drawn);
        return new Turn(drawn, new Random(dice.Next()), plan.Shortest + ((plan.Longest - plan.Shortest) * dice.NextDouble()));
    }
}
