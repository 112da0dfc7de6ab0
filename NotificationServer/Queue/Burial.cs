namespace NotificationServer.Queue;

/// A job that is taken out of the queue although nobody knows how its last attempt ended. Attempt: whoever has raised it since keeps the job.
internal sealed record Suspect(string Channel, Guid Id, int Attempt);

/// What the server itself gives up becomes dead letters like any other, marked as what may have been sent, and a person decides.
internal static class Burial
{
    public static object ParametersOf(List<Suspect> suspects, string code, string reason, bool quarantined)
    {
        var prints = suspects.ConvertAll(suspect => FailurePrint.Of(suspect.Channel, null, code, reason));
        return new
        {
            channels = suspects.ConvertAll(suspect => suspect.Channel).ToArray(),
            ids = suspects.ConvertAll(suspect => suspect.Id).ToArray(),
            attempts = suspects.ConvertAll(suspect => suspect.Attempt).ToArray(),
            fingerprints = prints.ConvertAll(print => print.Fingerprint).ToArray(),
            summaries = prints.ConvertAll(print => print.Summary).ToArray(),
            code,
            reason,
            quarantined,
        };
    }

    /// The beginning and the end of one statement. Between them stands which jobs go, as `ended`, and what is on record of their attempts.
    internal static class Sql
    {
        public const string Suspects = """
            suspect as materialized (
                select *
                from unnest(@channels::text[], @ids::uuid[], @attempts::integer[], @fingerprints::text[], @summaries::text[])
                as s(channel, id, attempt, fingerprint, summary)
            )
            """;

        /// Ended: id, attempt, fingerprint, summary.
        public const string Buried = """
            told as (
                update messages m
                set status = 'failed', reason = @reason, error_code = @code, updated_at = now()
                from ended e
                where m.id = e.id and m.status = 'queued'
                returning m.id, m.notification_id, m.client_id, m.channel, m.lane, m.provider, m.attempts, e.attempt, e.fingerprint, e.summary
            ), dead as (
                insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, error_code,
                    fingerprint, reason, attempts, last_attempt, quarantined, may_have_been_sent)
                select t.id, t.notification_id, t.client_id, t.channel, t.lane, t.provider,
                    (select n.template from notifications n where n.id = t.notification_id),
                    @code, t.fingerprint, @reason, t.attempts, t.attempt, @quarantined::boolean, true
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
