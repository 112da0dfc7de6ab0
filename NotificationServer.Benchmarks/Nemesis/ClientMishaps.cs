using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

/// What clients and operators do, or what happens to them.
internal static class ClientMishaps
{
    private static readonly string[] Channels = ["sms", "email"];

    public static IEnumerable<Mishap> All =>
    [
        new("clients lose half of the answers and ask again", Ground.Clients, LoseAnswersAsync),
        new("a burst of posts", Ground.Clients, BurstAsync),
        new("an operator holds a channel, and lets it go", Ground.Clients, HoldAsync),
    ];

    private static async Task LoseAnswersAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var proxies = stage.Arena.Urls.Select(url => new FaultProxy(url.Port) { Rules = new ProxyRules { LoseAnswers = 0.5 } }).ToList();
        stage.Detour([.. proxies.Select(proxy => new Uri($"http://127.0.0.1:{proxy.Port}"))]);
        await Task.Delay(turn.Lasting, ct); // as long as it lasts
        stage.Detour(null);
        turn.Detail = $"{proxies.Sum(proxy => proxy.Struck)} lost";
        foreach (var proxy in proxies) await proxy.DisposeAsync();
    }

    private static async Task BurstAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        var burst = stage.Trial.Mixed(turn.Dice.Next(200, 1200)).ToList();
        turn.Detail = $"{burst.Count} posts";
        await Task.WhenAll(burst.Select(wanted => stage.Trial.Client.PostAsync(wanted, () => stage.Urls, ct)));
    }

    private static async Task HoldAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        turn.Detail = turn.Pick(Channels);
        await stage.OperateAsync($"/v1/ops/queues/{turn.Detail}:pause", "a fault is played", ct);
        await Task.Delay(turn.Lasting, ct); // as long as it is held
        await stage.OperateAsync($"/v1/ops/queues/{turn.Detail}:resume", "a fault is played", ct);
    }
}
