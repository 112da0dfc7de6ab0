using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// Works the webhooks of this node. One loop writes what came back and claims what fits: room at an endpoint is there as soon as the result
/// that made it is stored, so the two belong together.
internal sealed class WebhookWorker(
    WebhookJobs jobs, WebhookCaller caller, WebhookResults results, IOptions<WebhooksOptions> options, RestoreGuard guard, Random random, TimeProvider clock,
    IHostApplicationLifetime life, ILogger<WebhookWorker> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMilliseconds(500);

    private readonly Channel<WebhookResult> ended = Channel.CreateUnbounded<WebhookResult>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<WebhookResult> unwritten = [];
    private int underWay;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing is claimed any more from the moment the stop begins, not from when its turn comes.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        var hasMore = true;
        while (!stop.IsCancellationRequested)
        {
            if (!hasMore) await WaitAsync(Poll(), stop.Token);
            hasMore = await TurnAsync(stop.Token);
        }
        // What is under way comes to its end within its deadline, and is stored.
        while (underWay > 0)
        {
            await WaitAsync(Poll(), CancellationToken.None);
            await TurnAsync(stop.Token);
        }
    }

    /// Whether another turn is worth taking at once.
    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        try
        {
            return await StepAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // Dies the process now, the leases run out, and what was delivered is delivered once more: the receiver knows it by its id.
            if (unwritten.Count > 0) Log.NotStored(log, unwritten.Count, e);
            else Log.NotClaimed(log, e);
        }
#pragma warning disable CA1031 // The boundary of the webhooks: let out, a defect here would stop the host, and with it every channel.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.Broke(log, e);
        }
        await Task.Delay(AfterTrouble, clock, CancellationToken.None);
        return false;
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        while (unwritten.Count < MostAtOnce && ended.Reader.TryRead(out var result)) unwritten.Add(result);
        if (unwritten.Count > 0)
        {
            await results.WriteAsync(unwritten, CancellationToken.None);
            underWay -= unwritten.Count;
            unwritten.Clear();
        }
        var room = Math.Min(options.Value.Slots - underWay, MostAtOnce);
        if (room <= 0 || ct.IsCancellationRequested || !guard.MaySend) return false;
        // Not cancellable: a claim given up half way may have been granted.
        var claimed = await jobs.ClaimAsync(room, CancellationToken.None);
        underWay += claimed.Count;
        if (claimed.Count > 0) FailPoints.Pass("after_webhook_claim");
        foreach (var job in claimed) _ = CallAsync(job);
        return claimed.Count == room;
    }

    private async Task CallAsync(WebhookJob job)
    {
        await Task.Yield();
        try
        {
            ended.Writer.TryWrite(await caller.CallAsync(job));
        }
#pragma warning disable CA1031 // The boundary of one call: what is not known to be delivered is tried again, whatever went wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Broke(log, e);
            var now = clock.GetUtcNow();
            ended.Writer.TryWrite(new WebhookResult(job, WebhookAnswer.Failed(WebhookAnswer.Unknown), TimeSpan.FromMinutes(5), now, now));
        }
    }

    /// Until something came back, and no longer than the wait.
    private async Task WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(wait);
        try
        {
            await ended.Reader.WaitToReadAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    private TimeSpan Poll() => options.Value.Poll * (0.8 + 0.4 * random.NextDouble());
}
