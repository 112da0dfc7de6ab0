using System.Globalization;
using System.Text;

namespace NotificationServer.Benchmarks.Faults;

/// What the server has answered for: a line is on disk before the client believes it. Answers that come together share a flush.
internal sealed class AckedLog : IDisposable
{
    private readonly FileStream file;
    private readonly SemaphoreSlim turn = new(1);
    private readonly Lock gate = new();
    private StringBuilder waiting = new();
    private Task? flushing;

    public AckedLog(string path)
    {
        Path = path;
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public string Path { get; }

    internal readonly record struct Entry(string EventId, string NotificationId, DateTimeOffset At);

    /// Completes when the line is on disk.
    public Task AppendAsync(Entry entry)
    {
        lock (gate)
        {
            waiting.Append(entry.EventId).Append(' ').Append(entry.NotificationId).Append(' ').Append(entry.At.ToString("O", CultureInfo.InvariantCulture)).Append('\n');
            return flushing ??= Task.Run(FlushAsync);
        }
    }

    public static IReadOnlyList<Entry> Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(' ')).Select(words => new Entry(words[0], words[1], DateTimeOffset.Parse(words[2], CultureInfo.InvariantCulture)))];

    private async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            byte[] lines;
            lock (gate)
            {
                lines = Encoding.ASCII.GetBytes(waiting.ToString());
                waiting = new StringBuilder();
                flushing = null; // what comes from now on goes with the next flush
            }
            await file.WriteAsync(lines);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        turn.Dispose();
    }
}
