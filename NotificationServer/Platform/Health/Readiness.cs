namespace NotificationServer.Platform.Health;

/// Whether this node should get traffic, and what each check says of it.
internal sealed record ReadinessReport(bool IsReady, IReadOnlyDictionary<string, string> Checks);

/// Asks the checks. Anybody may ask as often as they like: the checks themselves are asked once a second.
internal sealed class Readiness(IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const string Stopping = "stopping";

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);
    // Below what load balancers wait for by default. A database that vanished without a word lets a call hang for longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Task<ReadinessReport>? asking;
    private long askedAt;

    public async Task<ReadinessReport> AskAsync(CancellationToken ct)
    {
        // Without asking anybody: a node that stops must say so at once, whatever the database does.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return new ReadinessReport(false, new Dictionary<string, string> { [Stopping] = "yes" });

        var (answer, since) = Latest();
        var left = Patience - clock.GetElapsedTime(since);
        try
        {
            return await answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, ct);
        }
        catch (TimeoutException)
        {
            return new ReadinessReport(false, checks.ToDictionary(check => check.Name, _ => "no_answer"));
        }
    }

    /// The one that runs, even where it hangs: another beside it would only take another connection.
    private (Task<ReadinessReport> Answer, long Since) Latest()
    {
        lock (gate)
        {
            if (asking is null || (asking.IsCompleted && clock.GetElapsedTime(askedAt) > GoodFor))
                (askedAt, asking) = (clock.GetTimestamp(), Task.Run(AskAllAsync));
            return (asking, askedAt);
        }
    }

    // Not whoever asked first may end it: others wait for the same answer.
    private async Task<ReadinessReport> AskAllAsync()
    {
        var all = await Task.WhenAll(checks.Select(async check => (check.Name, Result: await check.AskAsync(lifetime.ApplicationStopping))));
        var said = all.ToDictionary(one => one.Name, one => one.Result.Says);
        said[Stopping] = "no";
        return new ReadinessReport(all.All(one => one.Result.Passes), said);
    }
}
