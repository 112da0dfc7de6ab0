using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// Drops the days of the logs that are older than anybody asked to keep. Never holds up what is being stored: the lock that a
/// drop needs is waited for a fraction of a second, and if it is not to be had, tried for again later.
internal sealed class Retention(NpgsqlDataSource db, IOptions<RetentionOptions> options, ChoreBook chores, ILogger<Retention> log) : BackgroundService
{
    private static readonly string[] Chore = [nameof(Retention)];
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    /// Messages before the notifications that hold their words. The names of what was dropped.
    public Task<IReadOnlyList<string>> RunOnceAsync(CancellationToken ct) => chores.RunAsync(Chore[0], Period, DropAsync, ct);

    private async Task<IReadOnlyList<string>> DropAsync(CancellationToken ct)
    {
        var dropped = new List<string>();
        foreach (var (name, keep) in new[]
        {
            ("engaged", options.Value.Receipts), ("engagements", options.Value.Receipts), ("receipts", options.Value.Receipts), ("attempts", options.Value.Attempts), ("messages", options.Value.Messages), ("notifications", options.Value.Notifications),
        })
        {
            while (await DropOneAsync(name, keep, ct) is { } partition)
            {
                Log.PartitionDropped(log, partition);
                dropped.Add(partition);
            }
        }
        return dropped;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true) await chores.WaitAsync(await StepAsync(stoppingToken), Chore, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; a drop under way was rolled back whole.
        }
    }

    private async Task<TimeSpan> StepAsync(CancellationToken ct)
    {
        try
        {
            await RunOnceAsync(ct);
            return Period;
        }
        catch (NpgsqlException e)
        {
            Log.RetentionFailed(log, e.SqlState ?? "", e);
            return AfterTrouble;
        }
    }

    private async Task<string?> DropOneAsync(string name, TimeSpan keep, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var wait = options.Value.LockWait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Begin, new { wait }, cancellationToken: ct))) return null;
        var dropped = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.DropOldest, new { name, keep }, commandTimeout: 300, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return dropped;
    }

    internal static class Sql
    {
        // Looking for dead letters may read a whole day: longer than a statement may take elsewhere.
        public const string Begin = """
            select pg_try_advisory_xact_lock(hashtextextended('notification-server retention', 0))
                and set_config('lock_timeout', @wait, true) is not null and set_config('statement_timeout', '300000', true) is not null
            """;

        public const string DropOldest = "select drop_oldest_partition(@name::text, @keep::interval)";
    }
}
