using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform.Telemetry;
using Npgsql;

namespace NotificationServer.Queue;

/// Gives the jobs of dead and frozen nodes back to the living. Every node does it; SKIP LOCKED makes a leader needless.
internal sealed class Rescuer(NpgsqlDataSource db, IOptions<QueueOptions> options, IMeterFactory meters, ILogger<Rescuer> log) : ISweep
{
    private const int BatchSize = 500;

    private readonly Counter<long> abandoned = meters.Ours().CreateCounter<long>(
        "notifications.attempts.abandoned", "{attempt}", "Attempts whose node stopped answering: nobody knows how they ended, and they are made again.");

    private sealed record Rescued(string Channel, int Jobs);

    public bool JudgesLeases => true;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var channels = (await connection.QueryAsync<Rescued>(
            new CommandDefinition(Sql.Rescue, new { batch = BatchSize, most = options.Value.MaxCrashes }, cancellationToken: ct))).AsList();
        foreach (var one in channels) abandoned.Add(one.Jobs, new KeyValuePair<string, object?>("channel", one.Channel));
        var rescued = channels.Sum(one => one.Jobs);
        if (rescued > 0) Log.Rescued(log, rescued);
        return rescued == BatchSize;
    }

    internal static class Sql
    {
        // The leased row is the record that an attempt was open; what came of it nobody knows, and that is what is written
        // down. State and lease are checked again inside the update: between select and update the owner may have finished.
        public const string Rescue = """
            with lost as materialized (
                select channel, id, leased_by, leased_at
                from jobs
                -- One crash more and it is quarantined instead.
                where state = 1 and lease_until < now() and crashes + 1 < @most::integer and kind = 1
                order by lease_until limit @batch for update skip locked
            ), rescued as (
                update jobs j
                set state = 0, leased_by = null, leased_at = null, lease_until = null, crashes = j.crashes + 1,
                    unknowns = j.unknowns + 1,
                    run_at = now() + make_interval(secs => random() * least(300, 5 * power(2, j.crashes)))
                from lost
                where j.channel = lost.channel and j.id = lost.id and j.state = 1 and j.lease_until < now()
                returning j.id, j.channel, j.attempt, lost.leased_by, lost.leased_at
            ), noted as (
                insert into attempts (message_id, attempt, channel, outcome, error_code, detail, started_at, finished_at, node)
                select id, attempt, channel, 'unknown', 'node_lost', 'The node that was sending it stopped answering.',
                    leased_at, now(), leased_by
                from rescued
                on conflict (message_id, attempt) do nothing
            )
            select channel, count(*)::integer as jobs from rescued group by channel
            """;
    }
}
