using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Drives the campaigns: one loop begins what is due and looks after what is under way, others make the messages. Any number of nodes do
/// so side by side; what one of them was doing when it died, another does again.
internal sealed class CampaignRunner(
    RunStarter starter, RunTender tender, Expander expander, RetryDelay random, TimeProvider clock, IOptions<RunOptions> options, ILogger<CampaignRunner> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => LoopAsync(expander.RunOnceAsync, stoppingToken))
            .Append(LoopAsync(TendAsync, stoppingToken)));

    private async Task<bool> TendAsync(CancellationToken ct)
    {
        var hasBegun = await starter.RunOnceAsync(ct);
        return await tender.RunOnceAsync(ct) || hasBegun;
    }

    private async Task LoopAsync(Func<CancellationToken, Task<bool>> step, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                if (!await StepAsync(step, ct)) await Task.Delay(random.Between(options.Value.Poll * 0.7, options.Value.Poll * 1.3), clock, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> StepAsync(Func<CancellationToken, Task<bool>> step, CancellationToken ct)
    {
        try
        {
            return await step(ct);
        }
#pragma warning disable CA1031 // The boundary of a step, which was undone whole: a defect must not end the loop, and with it every campaign.
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.StepInterrupted(log, e);
            return false;
        }
    }
}
