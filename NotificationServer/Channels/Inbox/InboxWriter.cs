using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Channels.Inbox;

/// Shares one insert, and so one commit, between all sends that wait at the moment: alone they would each pay a flush to disk.
/// Lives as long as the container, not as the host's services: sends that are still in flight at shutdown need it.
internal sealed class InboxWriter : IAsyncDisposable
{
    private const int MostRows = 1000;
    private const int MostTrimmed = 20_000;

    private static readonly SendOutcome Closed = SendOutcome.NotSent("stopping", "the inbox is closed");

    private readonly Channel<Waiting> queue = System.Threading.Channels.Channel.CreateUnbounded<Waiting>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly NpgsqlDataSource db;
    private readonly InboxStore store;
    private readonly ILogger<InboxWriter> log;
    private readonly int keep;
    private readonly Task writing;
    private int untilTrim;

    public InboxWriter(NpgsqlDataSource db, InboxStore store, IOptions<InboxOptions> options, ILogger<InboxWriter> log)
    {
        (this.db, this.store, this.log, keep) = (db, store, log, options.Value.Keep);
        writing = Task.Run(RunAsync);
    }

    /// Done when the row is committed, or sure not to be, or nobody knows.
    public Task<SendOutcome> WriteAsync(InboxRow row)
    {
        var waiting = new Waiting(row);
        return queue.Writer.TryWrite(waiting) ? waiting.Task : Task.FromResult(Closed);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>(MostRows);
        try
        {
            while (await queue.Reader.WaitToReadAsync())
            {
                while (batch.Count < MostRows && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
                await StoreAsync(batch);
                await TrimAsync(batch.Count);
                batch.Clear();
            }
        }
        finally
        {
            // If an error ends the loop, whoever waits or comes later is told at once.
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out var left)) left.SetResult(Closed);
        }
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        var connected = false;
        // Also what an error that nobody foresaw leaves behind: no send waits for ever.
        var outcome = SendOutcome.Unknown("inbox_failed", "the inbox's insert ended in an error");
        try
        {
            await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
            connected = true;
            await InboxStore.InsertAsync(connection, [.. batch.Select(waiting => waiting.Row)], CancellationToken.None);
            outcome = SendOutcome.Accepted(null);
        }
        catch (PostgresException e)
        {
            outcome = SendOutcome.NotSent(e.SqlState, "the database refused the inbox's rows");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            outcome = connected
                ? SendOutcome.Unknown("connection_lost", "the database's answer to the inbox's insert was lost")
                : SendOutcome.NotSent("no_database", "no connection to the database");
        }
        finally
        {
            foreach (var waiting in batch)
                waiting.SetResult(outcome.Status == SendStatus.Accepted ? SendOutcome.Accepted(waiting.Row.Id.ToString("D")) : outcome);
        }
    }

    /// After a quarter of what is kept came in, and at the first write after a start.
    private async Task TrimAsync(int written)
    {
        untilTrim -= written;
        if (untilTrim > 0) return;
        untilTrim = Math.Clamp(keep / 4, 1, 5000);
        try
        {
            await store.TrimAsync(keep, MostTrimmed, CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            Log.InboxNotTrimmed(log, e);
        }
    }

    private sealed class Waiting(InboxRow row) : TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public InboxRow Row { get; } = row;
    }
}
