using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using Npgsql;

namespace NotificationServer.Queue;

/// What operators did and were told, when it is over and old: nothing that still waits for anybody. By rows; they are few.
internal sealed class OperatorRetention(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    private const int BatchSize = 2000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var kept = options.Value;
        await using var connection = await db.OpenConnectionAsync(ct);
        var full = false;
        foreach (var (sql, keep) in new[]
        {
            (Sql.ForgetAlerts, kept.Alerts), (Sql.ForgetOperations, kept.Operations), (Sql.ForgetGroups, kept.Messages),
            (Sql.ForgetDecisions, kept.AuditLog), (Sql.ForgetWitnesses, RestoreJudge.WitnessesAreKept),
        })
            full |= await connection.ExecuteAsync(new CommandDefinition(sql, new { keep, batch = BatchSize }, cancellationToken: ct)) == BatchSize;
        return full | await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.ForgetAudit, new { keep = kept.AuditLog, batch = BatchSize }, cancellationToken: ct)) == BatchSize;
    }

    internal static class Sql
    {
        public const string ForgetAlerts = """
            delete from alerts
            where id = any(array(
                select id from alerts where cleared_at < now() - @keep::interval order by cleared_at limit @batch for update skip locked))
            """;

        // An id tells the time at which it was made, so that these begin at the oldest row without an index of their own. What another
        // operation names (one that takes it back) stays for as long as that one.
        public const string ForgetOperations = """
            delete from operations
            where id = any(array(
                select o.id from operations o
                where o.id < uuid_from(now() - @keep::interval) and o.finished_at < now() - @keep::interval
                    and not exists (select from operations later where later.undoes = o.id)
                order by o.id limit @batch for update skip locked))
            """;

        // A function, because a server may only append to the log; it leaves alone what is young.
        public const string ForgetAudit = "select forget_audit(@keep::interval, @batch)";

        // Nodes that were not seen for so long remember nothing that would be believed.
        public const string ForgetWitnesses = """
            delete from instance_witnesses
            where id = any(array(select id from instance_witnesses where at < now() - @keep::interval limit @batch for update skip locked))
            """;

        public const string ForgetDecisions = """
            delete from decisions
            where ctid = any(array(
                select ctid from decisions
                where message_id < uuid_from(now() - @keep::interval) and at < now() - @keep::interval
                order by message_id limit @batch for update skip locked))
            """;

        // A failure that nobody has seen for so long: its sample is gone, and nothing of it waits for a decision.
        public const string ForgetGroups = """
            delete from failure_groups
            where fingerprint = any(array(
                select g.fingerprint
                from failure_groups g
                where g.last_seen < now() - @keep::interval and not exists (select from dead_letters d where d.fingerprint = g.fingerprint)
                order by g.last_seen limit @batch for update skip locked))
            """;
    }
}
