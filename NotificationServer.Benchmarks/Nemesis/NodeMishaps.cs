using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

/// What happens to our own processes and to their ways to the database.
internal static class NodeMishaps
{
    private static readonly string[] FailPoints = ["after_claim_commit", "before_socket_write", "after_reply_before_commit"];
    private static readonly string[] Cuts = ["COMMIT", "insert into attempts"];
    private static readonly string[] Skews = ["+3h", "-3h", "+10m"];

    public static IEnumerable<Mishap> All =>
    [
        new("a node is killed (-9), and another one starts", Ground.Nodes, KillAsync),
        new("all nodes are killed (-9) at once", Ground.Nodes, KillAllAsync),
        new("a node is asked to stop (SIGTERM), and another one starts", Ground.Nodes, TerminateAsync),
        new("a node is asked to stop, and killed before it has", Ground.Nodes, TerminateImpatientlyAsync),
        new("the nodes are replaced one after the other", Ground.Nodes, RollAsync),
        new("a node freezes, and goes on as if nothing had been", Ground.Nodes, FreezeAsync),
        new("a node freezes for longer than its lease", Ground.Nodes, FreezeLongAsync),
        new("a node dies at a chosen point of its work", Ground.Nodes, DieAtAsync),
        new("a node's clock is wrong", Ground.Nodes, SkewAsync),
        new("a node's connections to the database are half open", Ground.Nodes, SilenceAsync),
        new("a node is cut off from the database", Ground.Nodes, CutOffAsync),
        new("the way to the database is slow", Ground.Nodes, SlowAsync),
        new("answers to commits are lost", Ground.Nodes, LoseCommitsAsync),
        new("nobody is told of new work: LISTEN is half open", Ground.Nodes, DeafenAsync),
    ];

    private static async Task KillAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        await stage.AnyNode(turn).KillAsync(ct);
        await Task.Delay(turn.Lasting, ct); // with one less
        await stage.BringUpAsync(ct);
    }

    private static async Task KillAllAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        await Task.WhenAll(stage.Arena.Nodes.Select(node => node.KillAsync(ct)));
        await Task.Delay(turn.Lasting / 4, ct); // with none
        await stage.BringUpAsync(ct);
    }

    private static async Task TerminateAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        // Not held against it where something else happens to it meanwhile; by itself this is F04.
        if (await stage.AnyNode(turn).TerminateAsync(ct) is not 0 and var code) turn.Detail += $", ended with {code}";
        await stage.BringUpAsync(ct);
    }

    private static async Task TerminateImpatientlyAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var node = stage.AnyNode(turn);
        await node.SignalAsync("TERM", ct);
        await Task.Delay(turn.Lasting / 20, ct);
        await node.KillAsync(ct);
        await stage.BringUpAsync(ct);
    }

    private static async Task RollAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        foreach (var node in stage.Arena.Nodes)
        {
            await node.TerminateAsync(ct);
            await stage.BringUpAsync(ct);
        }
    }

    private static Task FreezeAsync(Stage stage, Turn turn, CancellationToken ct) => FreezeAsync(stage, turn, turn.Lasting, ct);

    private static Task FreezeLongAsync(Stage stage, Turn turn, CancellationToken ct) => FreezeAsync(stage, turn, (stage.Trial.Scale.Lease * 1.2) + (turn.Lasting / 2), ct);

    private static async Task FreezeAsync(Stage stage, Turn turn, TimeSpan length, CancellationToken ct)
    {
        var node = stage.AnyNode(turn);
        await node.FreezeAsync(ct);
        await Task.Delay(length, ct);
        await node.ThawAsync(ct);
    }

    /// Beside the others, and not known to clients: what it claims, it dies with.
    private static async Task DieAtAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var point = turn.Pick(FailPoints);
        turn.Detail = point;
        var doomed = await TryStartAsync(stage, ct, ("NS_FAILPOINT", $"{point}:exit:{turn.Dice.Next(1, 20)}"));
        if (doomed is null) return;
        await Until.TrueAsync(() => !doomed.IsAlive, turn.Lasting, ct);
        await doomed.KillAsync(ct);
    }

    private static async Task SkewAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        if (DataScenarios.FakeTime is not { } library)
        {
            turn.Detail = "not played: libfaketime is not installed";
            return;
        }
        var skew = turn.Pick(Skews);
        turn.Detail = skew;
        var skewed = await TryStartAsync(stage, ct, ("LD_PRELOAD", library), ("FAKETIME", skew), ("DONT_FAKE_MONOTONIC", "1"));
        if (skewed is null) return;
        await Task.Delay(turn.Lasting, ct); // it works along
        if (turn.Coin()) await skewed.KillAsync(ct);
        else await skewed.TerminateAsync(ct);
    }

    private static async Task<ServerNode?> TryStartAsync(Stage stage, CancellationToken ct, params (string, string)[] extra)
    {
        try
        {
            return await stage.Trial.ExtraNodeAsync(ct, extra);
        }
        catch (InvalidOperationException)
        {
            return null; // it fell into a second mishap, and nobody waits for it
        }
    }

    private static Task SilenceAsync(Stage stage, Turn turn, CancellationToken ct) =>
        RuledAsync([stage.AnyNode(turn)], new ProxyRules { HalfOpen = true }, turn.Lasting, ct);

    private static async Task CutOffAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var node = stage.AnyNode(turn);
        var cut = RuledAsync([node], new ProxyRules { Refuse = true }, turn.Lasting, ct);
        node.Database.ResetAll();
        await cut;
    }

    private static Task SlowAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        // As much as a lease allows; production's bears half a second.
        var delay = TimeSpan.FromMilliseconds(Math.Min(400, stage.Trial.Scale.Lease.TotalMilliseconds / 40));
        return RuledAsync(stage.Arena.Nodes, new ProxyRules { Delay = delay, Jitter = delay / 2 }, turn.Lasting, ct);
    }

    private static Task LoseCommitsAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var rules = new ProxyRules { CutAfter = turn.Pick(Cuts), CutProbability = 0.05 + (turn.Dice.NextDouble() * 0.4) };
        turn.Detail = $"{rules.CutProbability:P0} of {rules.CutAfter}";
        return RuledAsync(stage.Arena.Nodes, rules, turn.Lasting, ct);
    }

    private static Task DeafenAsync(Stage stage, Turn turn, CancellationToken ct) =>
        RuledAsync(stage.Arena.Nodes, new ProxyRules { HalfOpenListeners = true }, turn.Lasting, ct);

    private static async Task RuledAsync(IReadOnlyList<ServerNode> nodes, ProxyRules rules, TimeSpan length, CancellationToken ct)
    {
        foreach (var node in nodes) node.Database.Rules = rules;
        await Task.Delay(length, ct);
        foreach (var node in nodes) node.Database.Rules = ProxyRules.Pass;
    }
}
