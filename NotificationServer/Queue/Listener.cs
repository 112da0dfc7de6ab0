using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Hears of work that other nodes stored, on one connection of its own that stays open. While it is down, and behind PgBouncer
/// in transaction mode (`Queue:Notify=false`), polling finds the same work a little later.
internal sealed class Listener(DatabaseAddress address, Wakeups wakeups, IOptions<QueueOptions> options, TimeProvider clock, ILogger<Listener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int KeepaliveSeconds = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Notify) return;
        try
        {
            while (true)
            {
                await ListenAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the workers have stopped claiming.
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        try
        {
            // Not of the pool: it would count against it for ever. The keepalive notices a peer that vanished without a word.
            var settings = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false, KeepAlive = KeepaliveSeconds, ApplicationName = "notification-server listener" };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            connection.Notification += (_, told) =>
            {
                foreach (var channel in told.Payload.Split(',')) wakeups.Wake(channel);
            };
            await connection.OpenAsync(ct);
            await using (var listen = new NpgsqlCommand(Sql.Listen, connection)) await listen.ExecuteNonQueryAsync(ct);
            // What was announced while nobody listened.
            wakeups.WakeAll();
            while (true) await connection.WaitAsync(ct);
        }
        catch (NpgsqlException e)
        {
            Log.ListeningFailed(log, e);
        }
    }

    internal static class Sql
    {
        public const string Listen = "listen notification_server_jobs";
    }
}
