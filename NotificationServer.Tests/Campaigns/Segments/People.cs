using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Campaigns.Segments;

/// Four people of whom different things are known.
internal static class People
{
    public static readonly Guid List = Guid.Parse("01990000-0000-7000-8000-0000000000aa");
    public static readonly Guid Campaign = Guid.Parse("01990000-0000-7000-8000-0000000000cc");

    public static async Task IntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into users (id, email, phone, locale, time_zone, country, attributes, tags, created_at) values
                ('ada', 'ada@example.org', null, 'de-DE', 'Europe/Berlin', 'DE', jsonb_build_object('plan', 'pro', 'orders', 17, 'member', true, 'address', '{"city":"Köln"}'::jsonb,
                    'born', to_char((now() at time zone 'UTC')::date - interval '30 years', 'YYYY-MM-DD'), 'renews', to_char((now() at time zone 'UTC')::date + 5, 'YYYY-MM-DD')), '{vip,beta}', now() - interval '400 days'),
                ('ben', null, '+436601234567', 'de', 'Europe/Vienna', 'AT', jsonb_build_object('plan', 'Pro-rata 100%', 'orders', '9', 'member', 'false', 'address.city', 'Graz',
                    'born', to_char((now() at time zone 'UTC')::date + 3 - interval '20 years', 'YYYY-MM-DD'), 'renews', 'soon'), '{beta}', now() - interval '20 days'),
                ('cho', 'cho@example.org', null, 'ko-KR', 'Asia/Seoul', 'KR', '{"orders": "many", "born": "2026-99-99", "plan": null}', '{}', now() - interval '1 hour'),
                ('dee', null, null, null, null, null, '{}', '{}', now() - interval '10 days');
            insert into devices (user_id, id, platform, push_provider, token, app_id, app_version, retired_at) values
                ('ada', 'phone', 'ios', 'apns', 'ada-phone', 'org.example.shop', '5.10', null), ('ada', 'laptop', 'web', 'webpush', 'ada-laptop', null, null, null),
                ('ben', 'phone', 'android', 'fcm', 'ben-phone', 'org.example.shop', 'v5.9.0-rc1', null), ('cho', 'old', 'android', 'fcm', 'cho-old', 'org.example.shop', '5.11', now());
            update categories set default_opt_in = false where key = 'offers';
            insert into preferences (user_id, channel, category, opt_in, source) values
                ('ada', 'email', 'offers', true, 'test'), ('ben', 'push', 'orders', false, 'test'), ('ben', 'android_push', 'orders', true, 'test'), ('dee', 'email', '', false, 'test'),
                ('dee', 'email', 'offers', true, 'test');
            insert into templates (key, name) values ('news', 'News'), ('sale', 'Sale');
            insert into segments (id, name, kind, created_by, updated_by) values (@list, 'The list', 'list', 'test', 'test');
            insert into segment_members values (@list, 'ben'), (@list, 'dee'), (@list, 'nobody-we-know');
            insert into campaigns (id, client_id, name, plan, created_by, updated_by) values (@campaign, gen_random_uuid(), 'A campaign', '{}', 'test', 'test');
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, started_at) values
                (@campaign, @campaign, now(), gen_random_uuid(), false, '{}', now() - interval '10 days');
            insert into campaign_recipients values (@campaign, 'ada', 0), (@campaign, 'ben', 0);
            insert into notifications (id, client_id, category, payload, accepted_at, recipients)
            select uuid_from(now() - make_interval(days => n)), gen_random_uuid(), case when n = 1 then 'offers' else 'orders' end, '{}', now(), 1 from (values (1), (3), (9), (40)) n (n);
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, status, template, campaign_run_id, created_at, updated_at)
            select uuid_from(now() - make_interval(days => m.days, secs => -m.n)), uuid_from(now() - make_interval(days => m.days)), gen_random_uuid(), m.person, m.channel, 2, 'x', m.status, m.template,
                case when m.days = 3 then @campaign end, now() - make_interval(days => m.days), now()
            from (values (1, 'ada', 1, 'email', 'delivered', 'news'), (2, 'ada', 3, 'email', 'sent', 'news'), (3, 'ada', 3, 'ios_push', 'sent', 'news'), (4, 'ada', 40, 'sms', 'sent', 'sale'),
                (5, 'ben', 3, 'sms', 'delivered', 'news'), (6, 'cho', 9, 'email', 'failed', 'sale'), (7, 'cho', 9, 'email', 'sent', 'sale')) m (n, person, days, channel, status, template)
                where m.status <> 'failed';
            insert into engaged (message_id, kind, by_whom, at, day, template, template_version, channel, provider)
            select m.id, e.kind, e.whom, now() - make_interval(days => e.days), current_date, m.template, 1, m.channel, ''
            from (values ('ada', 'email', 'opened', 'human', 3), ('ada', 'email', 'clicked', 'machine', 3), ('ben', 'sms', 'clicked', 'human', 2), ('cho', 'email', 'opened', 'unknown', 1)) e (person, channel, kind, whom, days)
            join lateral (select * from messages where user_id = e.person and channel = e.channel order by id limit 1) m on true;
            """, new { list = List, campaign = Campaign });
    }
}
