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

        var prints = suspects.ConvertAll(suspect => FailurePrint.Of(suspect.Channel, null, Code, Reason));
        var ended = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.SetAside, new
        {
            channels = suspects.ConvertAll(suspect => suspect.Channel).ToArray(),
            ids = suspects.ConvertAll(suspect => suspect.Id).ToArray(),
            attempts = suspects.ConvertAll(suspect => suspect.Attempt).ToArray(),
            fingerprints = prints.ConvertAll(print => print.Fingerprint).ToArray(),
            summaries = prints.ConvertAll(print => print.Summary).ToArray(),
            code = Code,
            reason = Reason,
        }, cancellationToken: ct));
        if (ended > 0) Log.Quarantined(log, ended, most);
        return suspects.Count == BatchSize && ended > 0;
    }

    private sealed record Suspect(string Channel, Guid Id, int Attempt);

    internal static class Sql
    {
        // Only a look: what has changed by the time of the next statement is left alone by it.
        public const string Suspects = """
            select channel, id, attempt
            from jobs
            where state = 1 and lease_until < now() and crashes + 1 >= @most::integer and kind = 1
            order by lease_until limit @batch
            """;

        public const string SetAside = """
            with suspect as materialized (
                select *
                from unnest(@channels::text[], @ids::uuid[], @attempts::integer[], @fingerprints::text[], @summaries::text[])
                as s(channel, id, attempt, fingerprint, summary)
            ), ended as (
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
            ), told as (
                update messages m
                set status = 'failed', reason = @reason, error_code = @code, updated_at = now()
                from ended e
                where m.id = e.id and m.status = 'queued'
                returning m.id, m.notification_id, m.client_id, m.channel, m.lane, m.provider, m.attempts, e.fingerprint, e.summary
            ), dead as (
                insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, error_code,
                    fingerprint, reason, attempts, quarantined, may_have_been_sent)
                select t.id, t.notification_id, t.client_id, t.channel, t.lane, t.provider,
                    (select n.template from notifications n where n.id = t.notification_id),
                    @code, t.fingerprint, @reason, t.attempts, true, true
                from told t
                on conflict (message_id) do nothing
            ), grouped as (
                insert into failure_groups as g (fingerprint, channel, error_code, summary, total, sample_message_id)
                select fingerprint, min(channel), @code, min(summary), count(*), max(id::text)::uuid
                from told
                group by fingerprint
                order by fingerprint
                on conflict (fingerprint) do update
                set total = g.total + excluded.total, last_seen = excluded.last_seen, sample_message_id = excluded.sample_message_id, state = 'open'
            )
            select count(*)::integer from ended
            """;
    }
}
