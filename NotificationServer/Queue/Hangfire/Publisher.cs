using System.Transactions;
using Dapper;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;
using HangfireJob = Hangfire.Common.Job;

namespace NotificationServer.Queue.Hangfire;

/// Makes a job of Hangfire for every queued message that has none: at once when intake says that there is something, and by
/// itself every few seconds. Nothing is lost between a 202 and this, however the process dies: the queued row is what it looks for.
internal sealed class Publisher(
    ChannelList channels, Connections connections, IBackgroundJobClient client, PublishedJobs published, Wakeups wakeups, IOptions<HangfireOptions> hangfire,
    IOptions<QueueOptions> queue, ILogger<Publisher> log) : BackgroundService
{
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(channels.Names.Select(channel => Task.Run(() => LoopAsync(channel, stoppingToken), stoppingToken)));

    private async Task LoopAsync(string channel, CancellationToken ct)
    {
        try
        {
            // First whatever there is: what was stored while no node looked.
            var woken = Woken.Nothing;
            while (true)
            {
                if (!await StepAsync(channel, LanesOf(woken), ct)) woken = await wakeups.WaitAsync(channel, queue.Value.Sweep, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping; what has no job yet is found at the next start, or by another node.
        }
    }

    private async Task<bool> StepAsync(string channel, short[] lanes, CancellationToken ct)
    {
        try
        {
            await ReturnAsync(channel, ct);
            return await PublishAsync(channel, lanes, ct) == hangfire.Value.PublishBatch;
        }
#pragma warning disable CA1031 // The boundary of the channel's publishing: Hangfire's storage may throw anything, and the rows are still there.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.PublishingFailed(log, channel, e);
            await Task.Delay(queue.Value.Poll, ct);
            return true;
        }
    }

    /// How many got a job. One transaction for Hangfire's rows and ours: either a message has a job that Hangfire knows, or none.
    internal async Task<int> PublishAsync(string channel, short[] lanes, CancellationToken ct)
    {
        using var transaction = new TransactionScope(
            TransactionScopeOption.RequiresNew, new TransactionOptions { IsolationLevel = IsolationLevel.ReadCommitted, Timeout = LongestTransaction },
            TransactionScopeAsyncFlowOption.Enabled);
        var rows = await OnOurConnectionAsync(connection => connection.QueryAsync<Row>(
            new CommandDefinition(Sql.Unpublished, new { channel, lanes, batch = hangfire.Value.PublishBatch }, cancellationToken: ct)), ct);
        var messages = rows.AsList();
        if (messages.Count == 0) return 0;
        var ids = messages.ConvertAll(row => long.Parse(client.Create(JobOf(channel, row), StateOf(channel, row)), System.Globalization.CultureInfo.InvariantCulture));
        await OnOurConnectionAsync(connection => connection.ExecuteAsync(
            new CommandDefinition(Sql.Note, new { channel, messages = messages.ConvertAll(row => row.Id).ToArray(), ids = ids.ToArray() }, cancellationToken: ct)), ct);
        // Dies the process before this line, Hangfire has heard of none of them, and the next look finds them all again.
        FailPoints.Pass("before_publish_commit");
        transaction.Complete();
        return messages.Count;
    }

    /// What failed in Hangfire and was put back at our own desk goes on in Hangfire as the job that it was.
    private async Task ReturnAsync(string channel, CancellationToken ct)
    {
        foreach (var (message, id) in await published.ReturnedAsync(channel, ct))
        {
            if (client.ChangeState($"{id}", new EnqueuedState { Reason = "Requeued." }, FailedState.StateName)) await published.MarkAsync(message, failed: false);
        }
    }

    /// Closed at once: the connections that Hangfire opens next take this one from the pool, transaction and all.
    private async Task<T> OnOurConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken ct)
    {
        await using var connection = connections.GetOrCreateConnection();
        await connection.OpenAsync(ct);
        return await ask(connection);
    }

    private static HangfireJob JobOf(string channel, Row row) =>
        new(typeof(DeliveryJob), DeliveryJob.Method, [row.Id], QueueNames.Of(channel, (Lane)row.Lane));

    private static IState StateOf(string channel, Row row) =>
        row.DueLater is { } later ? new ScheduledState(later) : new EnqueuedState(QueueNames.Of(channel, (Lane)row.Lane));

    private static short[] LanesOf(Woken woken)
    {
        var lanes = new[] { (Woken.Critical, Lane.Critical), (Woken.Transactional, Lane.Transactional), (Woken.Bulk, Lane.Bulk) }
            .Where(lane => (woken & lane.Item1) != 0).Select(lane => (short)lane.Item2).ToArray();
        return lanes.Length > 0 ? lanes : [0, 1, 2];
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required short Lane { get; init; }
        public DateTime? DueLater { get; init; }
    }

    internal static class Sql
    {
        // Locked, so that two nodes never publish the same one; whoever is cancelling one of them meanwhile waits a moment.
        public const string Unpublished = """
            select j.id, j.lane, case when j.run_at > now() then j.run_at end as due_later
            from jobs j
            where j.channel = @channel and j.lane = any(@lanes::smallint[]) and j.kind = 1 and j.state = 0
                and not exists (select from hangfire_jobs h where h.message_id = j.id)
            order by j.lane, j.run_at, j.id
            limit @batch
            for update of j skip locked
            """;

        public const string Note = """
            insert into hangfire_jobs (message_id, channel, hangfire_id)
            select message_id, @channel, hangfire_id from unnest(@messages::uuid[], @ids::bigint[]) as p(message_id, hangfire_id)
            """;
    }
}
