using Dapper;
using Npgsql;

namespace NotificationServer.Platform;

/// Keeps the daily partitions of the logs made a week ahead. Every node runs it; the database lets one at a time do the work.
internal sealed class PartitionKeeper(NpgsqlDataSource db, ChoreBook chores, ILogger<PartitionKeeper> log) : BackgroundService
{
    private static readonly string[] Chore = [nameof(PartitionKeeper)];
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMinutes(1);

    /// How many partitions were made; 0 also when another node is at it.
    public Task<int> RunOnceAsync(CancellationToken ct) => chores.RunAsync(Chore[0], Period, MakeAsync, ct);

    private async Task<int> MakeAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var made = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Create, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return made;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
            await chores.WaitAsync(await StepAsync(stoppingToken), Chore, stoppingToken);
    }

    private async Task<TimeSpan> StepAsync(CancellationToken ct)
    {
        try
        {
            if (await RunOnceAsync(ct) is > 0 and var made)
                Log.PartitionsMade(log, made);
            return Period;
        }
        catch (NpgsqlException e)
        {
            // No harm yet: there is a week in hand, and after it the default partition.
            Log.PartitionsNotMade(log, e);
            return ErrorPause;
        }
    }

    internal static class Sql
    {
        // Yesterday too: a request that began before midnight may store its rows after it.
        public const string Create = """
            select case
                when pg_try_advisory_xact_lock(hashtextextended('notification-server partitions', 0))
                then create_log_partitions((now() at time zone 'UTC')::date - 1, 9)
                else 0
            end
            """;
    }
}
