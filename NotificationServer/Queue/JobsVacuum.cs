using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Vacuums the jobs table when a churn leaves more dead rows than autovacuum, which comes by once a minute, clears in time:
/// every claim walks over them. Nodes that do it at once step aside for each other. A loop of its own, not a sweep: a long vacuum must
/// not hold up a rescue.
internal sealed class JobsVacuum(
    NpgsqlDataSource db, IOptions<QueueOptions> options, IOptions<DatabaseOptions> database, ChoreBook chores, ILogger<JobsVacuum> log)
    : BackgroundService
{
    private const int MostSeconds = 120;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly string[] Chore = [nameof(JobsVacuum)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await chores.WaitAsync(Period, Chore, stoppingToken);
                await StepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; a vacuum that is cut short has done what it has done.
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            var above = chores.IsAsked(Chore[0]) ? 1 : options.Value.VacuumAbove;
            await chores.RunAsync(Chore[0], Period, all => RunOnceAsync(above, all), ct);
        }
        catch (NpgsqlException e)
        {
            Log.SweepFailed(log, nameof(JobsVacuum), e);
        }
    }

    public Task RunOnceAsync(CancellationToken ct) => RunOnceAsync(options.Value.VacuumAbove, ct);

    /// How many dead rows a channel had, if it was vacuumed; 0: it was not worth it.
    private async Task<long> RunOnceAsync(long above, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var dead = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.MostDead, cancellationToken: ct));
        if (dead < above) return 0;

        // A vacuum may take longer than any statement of ours. Behind PgBouncer a session is not ours to set: there the role's limit holds.
        if (database.Value.SendSessionLimits) await connection.ExecuteAsync(new CommandDefinition(Sql.NoTimeLimit, cancellationToken: ct));
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(Sql.Vacuum, commandTimeout: MostSeconds, cancellationToken: ct));
        }
        finally
        {
            // Connections go back to the pool as they are.
            if (database.Value.SendSessionLimits)
            {
                var limit = database.Value.StatementTimeout.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
                await connection.ExecuteAsync(new CommandDefinition(Sql.TimeLimit, new { limit }, cancellationToken: CancellationToken.None));
            }
        }
        Log.Vacuumed(log, dead);
        return dead;
    }

    internal static class Sql
    {
        public const string MostDead = """
            select coalesce(max(pg_stat_get_dead_tuples(inhrelid)), 0) from pg_inherits where inhparent = 'jobs'::regclass
            """;

        public const string NoTimeLimit = "select set_config('statement_timeout', '0', false)";

        public const string TimeLimit = "select set_config('statement_timeout', @limit, false)";

        // Giving pages back to the file system would need a lock that stops everybody; they are wanted again in a moment anyway.
        public const string Vacuum = "vacuum (skip_locked, truncate false) jobs";
    }
}
