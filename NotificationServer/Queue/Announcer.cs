using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue;

/// Tells other nodes of new work with NOTIFY, beside the requests and never within their transactions: PostgreSQL lets one commit
/// at a time announce something. However many commits there are, there are at most a hundred announcements a second. Losing one
/// costs a poll.
internal sealed class Announcer(NpgsqlDataSource db, IOptions<QueueOptions> options, TimeProvider clock, ILogger<Announcer> log) : BackgroundService
{
    public const string Topic = "notification_server_jobs";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, byte> channels = new(StringComparer.Ordinal);
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Announce(string channel)
    {
        if (options.Value.Notify && channels.TryAdd(channel, 0)) signal.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await signal.Reader.WaitToReadAsync(stoppingToken))
            {
                signal.Reader.TryRead(out _);
                await SendAsync(stoppingToken);
                await Task.Delay(Pace, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what was not announced is found by polling.
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        // Taken out before it is sent: work that is stored from here on is announced again.
        var names = channels.Keys.Where(channel => channels.TryRemove(channel, out _)).ToArray();
        if (names.Length == 0) return;
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Notify, new { topic = Topic, names = string.Join(',', names) }, cancellationToken: ct));
        }
        catch (NpgsqlException e)
        {
            Log.AnnouncingFailed(log, e);
        }
    }

    internal static class Sql
    {
        public const string Notify = "select pg_notify(@topic, @names)";
    }
}
