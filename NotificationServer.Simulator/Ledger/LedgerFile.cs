using System.Buffers;

namespace NotificationServer.Simulator.Ledger;

/// The ground truth of a test run: what was accepted is on disk before the sender hears of it. One thread writes, and
/// everything that arrived while it flushed shares the next flush.
internal sealed class LedgerFile : IAsyncDisposable
{
    private readonly Lock recordGate = new();
    private readonly object queueGate = new();
    private readonly List<LedgerEntry> recorded = [];
    private readonly ArrayBufferWriter<byte> lines = new(1 << 16);
    private readonly FileStream file;
    private readonly bool flushToDisk;
    private readonly int keep;
    private readonly Thread writer;
    private List<Pending> queue = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool stopping;
    private long dropped;

    private readonly record struct Pending(IReadOnlyList<LedgerEntry> Entries, TaskCompletionSource OnDisk);

    public LedgerFile(string path, bool flushToDisk, int keep)
    {
        this.flushToDisk = flushToDisk;
        this.keep = keep;
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        writer = new Thread(WriteUntilStopped) { IsBackground = true, Name = "ledger" };
        writer.Start();
    }

    /// The latest entries of this run, oldest first; the file has them all.
    public IReadOnlyList<LedgerEntry> Entries
    {
        get
        {
            lock (recordGate) return [.. recorded];
        }
    }

    /// Completes when the entries are on disk.
    public Task AppendAsync(IReadOnlyList<LedgerEntry> entries)
    {
        var onDisk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (queueGate)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            queue.Add(new Pending(entries, onDisk));
            Monitor.Pulse(queueGate);
        }

        return onDisk.Task;
    }

    public async Task<LedgerEntry> WaitForAsync(Func<LedgerEntry, bool> wanted, CancellationToken ct)
    {
        var seen = 0L;
        while (true)
        {
            Task next;
            LedgerEntry[] fresh;
            lock (recordGate)
            {
                fresh = [.. recorded.Skip((int)Math.Max(0, seen - dropped))];
                seen = dropped + recorded.Count;
                next = changed.Task;
            }

            if (fresh.FirstOrDefault(wanted) is { } found) return found;
            await next.WaitAsync(ct);
        }
    }

    private void WriteUntilStopped()
    {
        var batch = new List<Pending>();
        while (true)
        {
            lock (queueGate)
            {
                while (queue.Count == 0 && !stopping) Monitor.Wait(queueGate);
                if (queue.Count == 0) return;
                (batch, queue) = (queue, batch);
            }

            WriteBatch(batch);
            batch.Clear();
        }
    }

    private void WriteBatch(List<Pending> batch)
    {
        try
        {
            lines.ResetWrittenCount();
            foreach (var pending in batch)
            foreach (var entry in pending.Entries) lines.Write(entry.Line.Span);
            file.Write(lines.WrittenSpan);
            if (flushToDisk) file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            // A full disk must not look like an accept: these requests fail.
            foreach (var pending in batch) pending.OnDisk.SetException(e);
            return;
        }

        Publish(batch);
        foreach (var pending in batch) pending.OnDisk.SetResult();
    }

    private void Publish(List<Pending> batch)
    {
        TaskCompletionSource announced;
        lock (recordGate)
        {
            foreach (var pending in batch) recorded.AddRange(pending.Entries);
            if (recorded.Count >= 2L * keep)
            {
                dropped += recorded.Count - keep;
                recorded.RemoveRange(0, recorded.Count - keep);
            }

            announced = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        announced.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        lock (queueGate)
        {
            stopping = true;
            Monitor.Pulse(queueGate);
        }

        writer.Join();
        await file.DisposeAsync();
    }
}
