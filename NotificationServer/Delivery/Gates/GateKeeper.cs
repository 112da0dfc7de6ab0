using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery.Gates;

/// Keeps this node's picture of the gates fresh, and the others' too.
internal sealed class GateKeeper(ProviderGates gates, NodeLoad load, IOptions<GatesOptions> options, ILogger<GateKeeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        load.ReportCalls(gates.CallsLately);
        try
        {
            while (true)
            {
                await RunOnceAsync(stoppingToken);
                await gates.WaitForNewsAsync(options.Value.Refresh, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RunOnceAsync(CancellationToken ct)
    {
        try
        {
            await gates.ExchangeAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // The last picture goes on ageing by the monotonic clock, and what we learn ourselves holds here.
            Log.GatesUnavailable(log, e);
        }
    }
}
