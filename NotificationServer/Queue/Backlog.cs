using System.Collections.Frozen;
using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// About how many jobs each channel has, as PostgreSQL's own statistics see it a second ago: rows added less rows deleted. Nobody counts.
internal sealed class Backlog(NpgsqlDataSource db, TimeProvider clock, ILogger<Backlog> log) : BackgroundService
{
    private const string Prefix = "jobs_";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private volatile FrozenDictionary<string, long> jobs = FrozenDictionary<string, long>.Empty;

    public long Of(string channel) => jobs.GetValueOrDefault(channel);

    public async Task RefreshAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(string Table, long Jobs)>(new CommandDefinition(Sql.Estimate, cancellationToken: ct));
        jobs = rows.ToFrozenDictionary(row => row.Table[Prefix.Length..], row => row.Jobs, StringComparer.Ordinal);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await StepAsync(stoppingToken);
                await Task.Delay(Period, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await RefreshAsync(ct);
        }
        catch (NpgsqlException e)
        {
            // The last estimate holds; with the database away nothing is accepted anyway.
            Log.BacklogUnknown(log, e);
        }
    }

    internal static class Sql
    {
        public const string Estimate = """
            select c.relname, pg_stat_get_live_tuples(c.oid)
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'jobs'::regclass
            """;
    }
}
