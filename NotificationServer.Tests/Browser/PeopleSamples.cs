using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Browser;

/// People of many countries, with all that can be known of one, and some who must not be written to.
internal static class PeopleSamples
{
    public static async Task IntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into users (id, email, phone, locale, time_zone, country, attributes, tags) values
                ('u_ada', 'ada.lovelace@example.org', '+41791234567', 'de-CH', 'Europe/Zurich', 'CH', '{"first_name": "Ada", "plan": "pro", "orders": 17}', '{vip,beta,"newsletter 2026",zurich}'),
                ('u_layla', 'layla@example.org', '+971501234567', 'ar-AE', 'Asia/Dubai', 'AE', '{"first_name": "ليلى"}', '{مميز}'),
                ('u_minjun', 'minjun@example.org', null, 'ko-KR', 'Asia/Seoul', 'KR', '{"first_name": "민준"}', '{}'),
                ('auth0|5f7c8ec7c33c6c004bbafe82:tenant-with-a-rather-long-name.example.org', 'a.very.long.mailbox.name.that.somebody.really.has@department.subsidiary.corporation.example.org', '+819012345678', 'ja-JP', 'Asia/Tokyo', 'JP', '{}', '{}'),
                ('u_nothing', null, null, null, null, null, '{}', '{}')
            on conflict do nothing;
            insert into devices (user_id, id, platform, push_provider, token, app_id, app_version, install_id, retired_at, retired_reason) values
                ('u_ada', 'iphone-of-ada', 'ios', 'apns', '740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad', 'org.example.shop', '5.2.1', 'a1', null, null),
                ('u_ada', 'chrome', 'web', 'webpush', 'https://push.example.org/wpush/v2/gAAAAABkxyz', 'https://shop.example.org', null, null, null, null),
                ('u_ada', 'old-pixel', 'android', 'fcm', 'cRk3Q2nXS0u:APA91bH7-long-token', 'org.example.shop', '4.0.0', 'a2', now() - interval '40 days', 'fcm-main: UNREGISTERED')
            on conflict do nothing;
            insert into preferences (user_id, channel, category, opt_in, source) values
                ('u_ada', 'email', 'offers', false, 'unsubscribe_link'), ('u_ada', 'sms', '', false, 'sms_stop'), ('u_ada', 'push', 'offers', true, 'settings_page'),
                ('u_ada', 'ios_push', 'orders', false, 'settings_page')
            on conflict do nothing;
            insert into blocks (user_id, reason, until, created_by, created_at) values
                ('u_minjun', 'Asked by phone not to be written to while the complaint is open', now() + interval '20 days', 'staff:grace@example.org', now() - interval '3 days'),
                ('fraud-8812', 'Fraud', null, 'client:risk', now() - interval '200 days')
            on conflict do nothing;
            insert into suppressions (address, channel, category, reason, created_by, created_at, expires_at) values
                ('layla@example.org', 'email', '', 'hard_bounce', 'sendgrid-eu: 550 5.1.1', now() - interval '5 hours', null),
                ('+819012345678', 'sms', '', 'stop', 'twilio', now() - interval '9 days', null),
                ('bob@example.org', 'email', 'class:marketing', 'complaint', 'sendgrid-eu', now() - interval '30 days', null),
                ('hmac:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9', 'email', 'class:marketing', 'erased', 'staff:grace@example.org', now(), null),
                ('old@example.org', 'email', 'offers', 'manual', 'staff:grace@example.org', now(), now() + interval '10 days')
            on conflict do nothing;
            with asked as (
                insert into notifications (id, client_id, template, payload, recipients, category, accepted_at)
                select uuid_from(now() - make_interval(hours => n * n)), gen_random_uuid(), (array['order-shipped', 'welcome', null])[1 + n % 3], '{}', 1, 'orders', now() - make_interval(hours => n * n)
                from generate_series(1, 6) n
                where not exists (select from messages where user_id = 'u_ada')
                returning id, client_id, accepted_at
            )
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, status, reason, created_at, updated_at)
            select id, id, client_id, 'u_ada', (array['email', 'sms', 'ios_push'])[1 + n % 3], 1, 'x', (array['delivered', 'sent', 'suppressed', 'failed', 'bounced', 'cancelled'])[n],
                case when n in (3, 4, 5) then (array['opted_out', 'The provider refused it: 550 5.7.1 relaying denied', 'mailbox full'])[n - 2] end, accepted_at, accepted_at
            from (select *, row_number() over (order by id) as n from asked) numbered;
            """);
    }
}
