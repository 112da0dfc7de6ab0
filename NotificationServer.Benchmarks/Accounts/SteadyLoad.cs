using System.Diagnostics;
using NotificationServer.Benchmarks.Faults;

namespace NotificationServer.Benchmarks.Accounts;

/// Posts at a steady pace until it is told to stop, whatever the answers.
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource enough;
    private readonly CancellationTokenSource stopping;
    private readonly Task running;

    private SteadyLoad(Trial trial, int perSecond, Func<Trial, int, Wanted> next, Func<IReadOnlyList<Uri>> nodes, CancellationToken ct)
    {
        enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(ct);
        running = RunAsync(trial, perSecond, next, nodes);
    }

    /// <param name="nodes">Asked at each try; null: the nodes that the arena has then.</param>
    public static SteadyLoad Start(Trial trial, int perSecond, Func<Trial, int, Wanted> next, CancellationToken ct, Func<IReadOnlyList<Uri>>? nodes = null) =>
        new(trial, perSecond, next, nodes ?? (() => trial.Arena.Urls), ct);

    /// Until what was begun is answered for.
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        enough.CancelAfter(TimeSpan.FromSeconds(60));
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        enough.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync(Trial trial, int perSecond, Func<Trial, int, Wanted> next, Func<IReadOnlyList<Uri>> nodes)
    {
        var (began, posts) = (Stopwatch.GetTimestamp(), new List<Task>());
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var wait = TimeSpan.FromSeconds((double)number / perSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (number % 1000 == 0) posts.RemoveAll(post => post.IsCompletedSuccessfully);
            posts.Add(trial.Client.PostAsync(next(trial, number), nodes, enough.Token));
        }
        // A refusal must not end half an hour of load: it is a finding like any other.
        var all = Task.WhenAll(posts);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } refused) trial.Demand(false, $"{refused.InnerExceptions.Count} posts broke off: {refused.InnerExceptions[0].Message}");
    }
}
