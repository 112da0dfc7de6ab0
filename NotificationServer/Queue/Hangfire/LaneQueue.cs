using System.Transactions;
using Dapper;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// What one channel's workers fetch from. Hangfire's own queue takes queues in the order of their names, which puts bulk first; this
/// one takes them in the order of the lanes, keeps room for each, and fetches nothing that may not be started: of a paused
/// channel all jobs stay where they are.
#pragma warning disable CA1001 // Its two semaphores live as long as the workers that wait for them: as long as the process.
internal sealed class LaneQueue(
#pragma warning restore CA1001
    string channel, PostgreSqlStorage storage, Connections connections, IDelivery delivery, NodeLoad load, IOptions<HangfireOptions> hangfire,
    IOptions<QueueOptions> queue, ILogger<LaneQueue> log) : IPersistentJobQueue
{
    private readonly LaneRoom room = new(hangfire.Value.Workers);
    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim news = new(0);

    public void Open() => load.Report(channel, () => new NodeLoad.Channel(room.InUse, room.Total));

    /// Within the transaction of whoever changes the job's state.
    public void Enqueue(System.Data.IDbConnection connection, string queue, string jobId)
    {
        connection.Execute(Sql.Enqueue, new { queue, id = long.Parse(jobId, System.Globalization.CultureInfo.InvariantCulture) });
        if (Transaction.Current is { } transaction) transaction.TransactionCompleted += (_, _) => Wake();
    }

    /// One worker looks, the others wait for their turn: an idle channel costs one statement a poll, not one a worker.
    public IFetchedJob Dequeue(string[] queues, CancellationToken cancellationToken)
    {
        turn.Wait(cancellationToken);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Look(out var wait) is { } fetched) return fetched;
                news.Wait(wait, cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private void Wake()
    {
        if (news.CurrentCount == 0) news.Release();
    }

    private HeldFetch? Look(out TimeSpan wait)
    {
        var now = delivery.Ask(channel);
        wait = now.Closed is { } closed ? TimeSpan.FromMilliseconds(Math.Max(10, closed.TotalMilliseconds)) : queue.Value.Poll;
        if (now.Closed is not null || (now.One && room.InUse > 0)) return null;
        try
        {
            return Fetch();
        }
        catch (NpgsqlException e)
        {
            Log.FetchingFailed(log, channel, e);
            return null;
        }
    }

    private HeldFetch? Fetch()
    {
        string? Allowed(Lane lane) => room.HasRoomFor(lane) ? QueueNames.Of(channel, lane) : null;
        using var connection = connections.GetOrCreateConnection();
        connection.Open();
        var row = connection.QuerySingleOrDefault<Row>(Sql.Fetch, new
        {
            critical = Allowed(Lane.Critical),
            transactional = Allowed(Lane.Transactional),
            bulk = Allowed(Lane.Bulk),
            invisible = queue.Value.Lease,
        });
        if (row is null) return null;
        var lane = QueueNames.Parse(row.Queue).Lane;
        room.Take(lane);
        // Hangfire's own class from here on: it keeps the job invisible to others while it is worked on.
        return new HeldFetch(new PostgreSqlFetchedJob(storage, row.Id, $"{row.JobId}", row.Queue, row.FetchedAt), () =>
        {
            if (room.Release(lane)) Wake();
        });
    }

    private sealed class Row
    {
        public required long Id { get; init; }
        public required long JobId { get; init; }
        public required string Queue { get; init; }
        public required DateTime FetchedAt { get; init; }
    }

    internal static class Sql
    {
        public const string Enqueue = "insert into hangfire.jobqueue (jobid, queue) values (@id::bigint, @queue)";

        // The first of the lanes that has one, and only then what a worker that died has left. Each branch is one step into Hangfire's
        // index, and is taken only if those before it found nothing.
        public const string Fetch = """
            update hangfire.jobqueue
            set fetchedat = now()
            where id = coalesce(
                (select id from hangfire.jobqueue where fetchedat is null and queue = @critical::text order by jobid limit 1 for update skip locked),
                (select id from hangfire.jobqueue where fetchedat is null and queue = @transactional::text order by jobid limit 1 for update skip locked),
                (select id from hangfire.jobqueue where fetchedat is null and queue = @bulk::text order by jobid limit 1 for update skip locked),
                (select id from hangfire.jobqueue where fetchedat < now() - @invisible::interval and queue in (@critical::text, @transactional::text, @bulk::text)
                    order by fetchedat limit 1 for update skip locked))
            returning id, jobid as job_id, queue, fetchedat as fetched_at
            """;
    }
}
