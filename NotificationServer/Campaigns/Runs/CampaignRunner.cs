using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;

namespace NotificationServer.Campaigns.Runs;

/// Drives the campaigns: one loop begins what is due and looks after what is under way, others make the messages. Any number of nodes do
/// so side by side; what one of them was doing when it died, another does again.
internal sealed class CampaignRunner(
    RunStarter starter, RunTender tender, Expander expander, IntakeTraffic traffic, RetryDelay random, TimeProvider clock, IOptions<RunOptions> options, ILogger<CampaignRunner> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(writer => LoopAsync(ct => MakeAsync(writer, ct), stoppingToken))
            .Append(LoopAsync(TendAsync, stoppingToken)));

    /// While single notifications come in, one writer goes on, and rests for longer than it worked: whoever asks for one waits for an answer,
    /// and nobody waits for the second half of a campaign.
    private async Task<bool> MakeAsync(int writer, CancellationToken ct)
    {
        if (writer > 0 && traffic.IsComing) return false;
        var began = Stopwatch.GetTimestamp();
        var made = await expander.RunOnceAsync(ct);
        if (made && traffic.IsComing) await Task.Delay(Stopwatch.GetElapsedTime(began) * options.Value.RestPerWork, clock, ct);
        return made;
    }

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
