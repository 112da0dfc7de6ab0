using Npgsql;

namespace NotificationServer.Platform;

/// Keeps the book of chores: what ran here is there within two seconds, and so is here what people ask for.
internal sealed class ChoreKeeper(ChoreBook book, TimeProvider clock, ILogger<ChoreKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await StepAsync(stoppingToken);
                await Task.Delay(Period, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; the chores themselves go on elsewhere.
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await book.ExchangeAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // Nothing depends on the book; the chores run without it.
            Log.ChoresUnwritten(log, e);
        }
    }
}
