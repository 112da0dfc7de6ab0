using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Tracking.Receipts;
using Npgsql;

namespace NotificationServer.Tracking.Bounces;

/// Works the mailbox of mail that came back. Each file is one transaction that holds a lock which only one node has at a time; it is moved
/// when that is committed. Dies the process in between, the file is read again, and the receipts in it are known already.
internal sealed class BounceDirectory(NpgsqlDataSource db, ReceiptBook book, IOptions<BounceOptions> options, TimeProvider clock, ILogger<BounceDirectory> log)
    : BackgroundService
{
    private const int FilesAtATime = 500;
    /// What matters of a report stands before the mail that came back.
    private const int MostBytes = 1024 * 1024;

    private static readonly ReceiptSource Source = new("smtp", "smtp", ChannelFamily.Email, IsSigned: false);

    private enum Read
    {
        Taken,
        Unreadable,
        /// Another node is at it.
        NotOurs,
    }

    /// How many files were dealt with.
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        if (options.Value.Directory is not { Length: > 0 } directory || !Directory.Exists(directory)) return 0;
        var (done, failed) = (Directory.CreateDirectory(Path.Combine(directory, "done")), Directory.CreateDirectory(Path.Combine(directory, "failed")));
        var read = 0;
        foreach (var file in Waiting(directory))
        {
            var result = await ReadAsync(file, ct);
            if (result == Read.NotOurs) break;
            File.Move(file, Path.Combine((result == Read.Taken ? done : failed).FullName, Path.GetFileName(file)), overwrite: true);
            read++;
        }
        Forget(done);
        return read;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(options.Value.Directory)) return;
        try
        {
            while (true)
            {
                await StepAsync(stoppingToken);
                await Task.Delay(options.Value.Poll, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            while (await RunOnceAsync(ct) == FilesAtATime)
            {
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            Log.BouncesFailed(log, e);
        }
    }

    private async Task<Read> ReadAsync(string file, CancellationToken ct)
    {
        var receipts = BounceReport.Read(await HeadAsync(file, ct), clock.GetUtcNow());
        if (receipts is null)
        {
            Log.BounceNotRead(log);
            return Read.Unreadable;
        }
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.TakeTurn, cancellationToken: ct))) return Read.NotOurs;
        try
        {
            var stored = await book.TakeAsync(connection, Source, receipts, ct);
            await transaction.CommitAsync(ct);
            Log.BounceRead(log, receipts.Count, stored);
            return Read.Taken;
        }
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
        {
            // What it says cannot be stored, now or ever: it must not hold up the others.
            Log.BounceNotRead(log);
            return Read.Unreadable;
        }
    }

    /// A maildir's new mail, or the directory's own files. A dot in front: still being written, or none of ours.
    private static List<string> Waiting(string directory) =>
        [.. new[] { Path.Combine(directory, "new"), Path.Combine(directory, "cur"), directory }.Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles).Where(file => Path.GetFileName(file)[0] != '.').Take(FilesAtATime).Order(StringComparer.Ordinal)];

    private static async Task<byte[]> HeadAsync(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        var bytes = new byte[(int)Math.Min(stream.Length, MostBytes)];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private void Forget(DirectoryInfo done)
    {
        var oldest = clock.GetUtcNow() - options.Value.Keep;
        foreach (var file in done.EnumerateFiles().Where(file => file.LastWriteTimeUtc < oldest)) file.Delete();
    }

    internal static class Sql
    {
        public const string TakeTurn = "select pg_try_advisory_xact_lock(hashtextextended('notification-server bounces', 0))";
    }
}
