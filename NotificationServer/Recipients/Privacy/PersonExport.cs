using Dapper;
using Npgsql;

namespace NotificationServer.Recipients.Privacy;

/// Everything that is kept of a person, as one JSON document that the database writes.
internal sealed class PersonExport(NpgsqlDataSource db)
{
    /// More messages than anybody gets while they are kept; the newest come first.
    private const int MostMessages = 10_000;

    /// Null: nothing is known of this person.
    public async Task<string?> WriteAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(Sql.Export, new { user = user.Value, most = MostMessages }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Export = """
            with profile as (
                select * from users where id = @user
            ), device as (
                select * from devices where user_id = @user
            ), address as (
                select email as address from profile where email is not null
                union select phone from profile where phone is not null
                union select token from device
            ), message as (
                select * from messages where user_id = @user order by id desc limit @most
            ), told as (
                select
                    (select to_jsonb(p) from profile p) as profile,
                    (select jsonb_agg(to_jsonb(d) - 'user_id' order by d.id) from device d) as devices,
                    (select jsonb_agg(to_jsonb(p) - 'user_id' order by p.category, p.channel) from preferences p where p.user_id = @user) as preferences,
                    (select jsonb_agg(to_jsonb(c) - 'user_id' - 'address_hash' order by c.id) from consents c where c.user_id = @user) as consents,
                    (select to_jsonb(b) - 'user_id' from blocks b where b.user_id = @user) as block,
                    (select jsonb_agg(to_jsonb(s) - 'id' order by s.id) from suppressions s where s.address in (select address from address)) as suppressions,
                    (select jsonb_agg(jsonb_build_object(
                        'id', 'msg_' || replace(m.id::text, '-', ''), 'channel', m.channel, 'address', m.address, 'status', m.status, 'reason', m.reason,
                        'category', n.category, 'template', n.template, 'created_at', m.created_at, 'sent_at', m.sent_at, 'consent_id', m.consent_id,
                        'campaign', (select k.name from campaign_runs r join campaigns k on k.id = r.campaign_id where r.id = m.campaign_run_id),
                        'engagement', (
                            select jsonb_agg(jsonb_build_object('type', e.kind, 'by', e.by_whom, 'source', e.source, 'url', nullif(e.url, ''),
                                'first_at', e.first_at, 'last_at', e.last_at, 'count', e.count) order by e.first_at)
                            from engagements e where e.message_id = m.id),
                        -- What was said to this person alone; what was said to many is not only theirs.
                        'payload', case when n.recipients = 1 then n.payload::jsonb end) order by m.id desc)
                        from message m left join notifications n on n.id = m.notification_id) as messages
            )
            select jsonb_build_object('user_id', @user::text, 'exported_at', now(), 'profile', profile, 'devices', coalesce(devices, '[]'),
                'preferences', coalesce(preferences, '[]'), 'consents', coalesce(consents, '[]'), 'block', block,
                'suppressions', coalesce(suppressions, '[]'), 'messages', coalesce(messages, '[]'))::text
            from told
            where profile is not null or block is not null or consents is not null or messages is not null
            """;
    }
}
