using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue;

/// Sets messages aside whose nodes keep dying: a message that kills its node never reports a failure, so no count of
/// failures would ever stop it. It is a dead letter like any other, marked, and a person decides.
internal sealed class Quarantine(NpgsqlDataSource db, IOptions<QueueOptions> options, ILogger<Quarantine> log) : ISweep
{
    public const string Code = "crash_loop";

    private const int BatchSize = 500;
    private const string Reason = "crash_loop: the nodes that held it died or froze, again and again.";

    public bool JudgesLeases => true;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var most = options.Value.MaxCrashes;
        await using var connection = await db.OpenConnectionAsync(ct);
        var suspects = (await connection.QueryAsync<Suspect>(
            new CommandDefinition(Sql.Suspects, new { batch = BatchSize, most }, cancellationToken: ct))).AsList();
        if (suspects.Count == 0) return false;

        var ended = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            Sql.SetAside, Burial.ParametersOf(suspects, Code, Reason, quarantined: true), cancellationToken: ct));
        if (ended > 0) Log.Quarantined(log, ended, most);
        return suspects.Count == BatchSize && ended > 0;
    }

    internal static class Sql
    {
        // Only a look: what has changed by the time of the next statement is left alone by it.
        public const string Suspects = """
            select channel, id, attempt
            from jobs
            where state = 1 and lease_until < now() and crashes + 1 >= @most::integer and kind = 1
            order by lease_until limit @batch
            """;

        public const string SetAside = "with " + Burial.Sql.Suspects + """
            , ended as (
                delete from jobs j
                using suspect s
                where j.channel = s.channel and j.id = s.id and j.attempt = s.attempt and j.state = 1 and j.lease_until < now()
                returning j.id, j.channel, j.attempt, j.leased_by, j.leased_at, s.fingerprint, s.summary
            ), noted as (
                insert into attempts (message_id, attempt, channel, outcome, error_code, detail, started_at, finished_at, node)
                select id, attempt, channel, 'unknown', 'node_lost', 'The node that was sending it stopped answering.',
                    leased_at, now(), leased_by
                from ended
                on conflict (message_id, attempt) do nothing
            ),
            """ + " " + Burial.Sql.Buried;
    }
}
