using NotificationServer.Benchmarks.Nemesis;

namespace NotificationServer.Tests.Benchmarks;

/// What `./bench faults random` plays: by chance, and again the same with the same seed.
public sealed class DeckTests
{
    private static readonly NemesisPlan Plan = NemesisPlan.Parse(["--seed", "7"]);

    [Fact]
    public void The_same_seed_deals_the_same_mishaps_for_the_same_time()
    {
        Assert.Equal(Course(7), Course(7));
        Assert.NotEqual(Course(7), Course(8));
    }

    [Fact]
    public void Every_kind_is_dealt_before_one_comes_again()
    {
        var deck = new Deck(RandomFaults.Mishaps, Plan with { Together = 0 });

        var dealt = Enumerable.Range(0, RandomFaults.Mishaps.Count).SelectMany(_ => deck.Deal()).Select(turn => turn.Mishap.Name).ToList();

        Assert.Equal(RandomFaults.Mishaps.Select(mishap => mishap.Name).Order(), dealt.Order());
    }

    [Fact]
    public void Two_that_strike_together_do_so_on_different_ground()
    {
        var deck = new Deck(RandomFaults.Mishaps, Plan with { Together = 1 });

        Assert.All(Enumerable.Range(0, 100).Select(_ => deck.Deal()), turns => Assert.Equal(2, turns.Select(turn => turn.Mishap.Ground).Distinct().Count()));
    }

    private static IEnumerable<string> Course(int seed)
    {
        var deck = new Deck(RandomFaults.Mishaps, Plan with { Seed = seed });
        return [.. Enumerable.Range(0, 40).SelectMany(_ => deck.Deal()).Select(turn => $"{turn.Mishap.Name} {turn.Lasting} {turn.Dice.Next()}")];
    }
}
