namespace NotificationServer.Benchmarks.Seed;

/// Everything about a row follows from its number, so that two runs store the same month.
internal static class SeedSql
{
    public const string HoldsMessages = "select exists (select from messages)";

    public const string Ground = """
        select create_log_partitions((now() at time zone 'UTC')::date - 31, 40);

        -- The moment of a message, and ids as the server makes them: their time first, then what tells them apart.
        create function pg_temp.moment(n bigint, of_all bigint) returns timestamptz language sql stable
            as $$ select now() - interval '1 minute' - (of_all - n) * (interval '30 days' / of_all) $$;
        create function pg_temp.made_id(at timestamptz, salt text) returns uuid language sql stable
            as $$ select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(salt), 1, 3) || '8' || substr(md5(salt), 4, 15))::uuid $$;
        create function pg_temp.dice(n bigint, salt text) returns integer language sql immutable
            as $$ select abs(hashtext(n || salt)) % 10000 $$;

        insert into clients (id, name) values
            ('01890000-0000-7000-8000-000000000001', 'shop'), ('01890000-0000-7000-8000-000000000002', 'billing'),
            ('01890000-0000-7000-8000-000000000003', 'identity')
        on conflict do nothing;

        insert into templates (key, name, category, published)
        select key, name, category, 1
        from (values ('order-shipped', 'Your order is on its way', 'orders'), ('invoice-ready', 'Your invoice is ready', 'account'),
            ('sign-in-code', 'Sign-in code', 'security'), ('weekly-offers', 'Offers of the week', 'offers'),
            ('parcel-delayed', 'Ihr Paket kommt später – wir melden uns, sobald es in der Zustellung ist', 'orders')) t (key, name, category)
        on conflict do nothing;
        insert into template_versions (template, version, parts, created_by)
        select key, 1, jsonb_build_object(
            'push', jsonb_build_object('title', name, 'body', 'Hello {{user.attributes.first_name}}, it is about order {{order_no}}.'),
            'sms', jsonb_build_object('body', name || ': {{order_no}}'),
            'email', jsonb_build_object('subject', name, 'html', '<h1>' || name || '</h1><p>Hello {{user.attributes.first_name}}, it is about order {{order_no}}.</p>')),
            'staff:ada@example.org'
        from templates
        on conflict do nothing;
        """;

    public const string Users = """
        insert into users (id, email, phone, locale, time_zone, country, attributes, tags, created_at, updated_at)
        select 'u_' || n, 'person' || n || case when n % 3 = 0 then '@example.org' else '@mail.example.com' end, '+1555' || lpad(n::text, 7, '0'),
            p.locale, p.zone, p.country, jsonb_build_object('first_name', p.first, 'last_name', p.last, 'plan', case when n % 5 = 0 then 'pro' else 'free' end),
            case when n % 7 = 0 then array['vip'] when n % 11 = 0 then array['beta', 'newsletter'] else '{}' end,
            now() - (@users - n) * (interval '700 days' / @users), now() - (@users - n) * (interval '90 days' / @users)
        from generate_series(1, @users) n
        join (values (0, 'Ada', 'Lovelace', 'en-GB', 'Europe/London', 'GB'), (1, 'Мария', 'Кузнецова', 'ru', 'Europe/Berlin', 'DE'),
            (2, '美咲', '田中', 'ja', 'Asia/Tokyo', 'JP'), (3, 'محمد', 'الأحمد', 'ar', 'Asia/Dubai', 'AE'), (4, 'Zoë', 'Müller-Lüdenscheidt', 'de-CH', 'Europe/Zurich', 'CH'),
            (5, 'Νίκη', 'Παπαδοπούλου', 'el', 'Europe/Athens', 'GR'), (6, 'अनिका', 'शर्मा', 'hi', 'Asia/Kolkata', 'IN'),
            (7, 'Wolfeschlegelsteinhausenbergerdorff', 'Æthelthryth', 'en-US', 'America/New_York', 'US')) p (kind, first, last, locale, zone, country) on p.kind = n % 8
        """;

    public const string Devices = """
        insert into devices (user_id, id, platform, push_provider, token, app_id, app_version, created_at, updated_at)
        select 'u_' || n, 'phone', k.platform, k.provider, case k.platform when 'ios' then md5('d' || n) || md5('e' || n) else k.platform || '-' || md5('d' || n) || md5('e' || n) end,
            'org.example.shop', '5.' || n % 12, now() - interval '90 days', now() - (n % 90) * interval '1 day'
        from generate_series(1, @users) n
        join (values (0, 'ios', 'apns'), (1, 'android', 'fcm'), (2, 'web', 'fcm')) k (kind, platform, provider) on k.kind = n % 3
        """;

    public const string Wishes = """
        insert into preferences (user_id, channel, category, opt_in, source, occurred_at)
        select 'u_' || n, case when n % 2 = 0 then 'email' else 'sms' end, 'offers', n % 4 = 0, 'preference page', now() - (n % 300) * interval '1 day'
        from generate_series(5, @users, 5) n;
        insert into blocks (user_id, reason, until, created_by, created_at)
        select 'u_' || n, case when n % 3 = 0 then 'Asked by phone not to be written to' else 'Fraud under investigation: case ' || n end,
            case when n % 4 = 0 then now() + interval '30 days' end, 'staff:ada@example.org', now() - (n % 300) * interval '1 day'
        from generate_series(500, @users, 500) n;
        insert into suppressions (channel, address, reason, created_at, created_by)
        select 'email', 'person' || n || case when n % 3 = 0 then '@example.org' else '@mail.example.com' end,
            (array['hard_bounce', 'complaint', 'manual', 'unsubscribed'])[1 + n % 4], now() - (n % 300) * interval '1 day', 'provider:sendgrid-eu'
        from generate_series(50, @users, 50) n
        """;

    public const string Notifications = """
        insert into notifications (id, client_id, event_id, category, template, template_version, payload, accepted_at, recipients)
        select pg_temp.made_id(pg_temp.moment(n, @messages), 'n' || n),
            ('01890000-0000-7000-8000-00000000000' || 1 + n % 3)::uuid, 'order-' || n || ':shipped', t.category, t.key, 1,
            json_build_object('data', json_build_object('order_no', n)), pg_temp.moment(n, @messages), 5
        from generate_series(@from, @to - 1, 5) n
        join (values (0, 'order-shipped', 'orders'), (1, 'invoice-ready', 'account'), (2, 'sign-in-code', 'security'),
            (3, 'weekly-offers', 'offers'), (4, 'parcel-delayed', 'orders')) t (kind, key, category) on t.kind = (n / 5) % 5
        """;

    public const string Messages = """
        insert into messages (id, notification_id, client_id, user_id, device_id, channel, lane, address, locale, status, reason, attempts, provider,
            provider_message_id, error_code, error_detail, created_at, sent_at, updated_at, template, template_version)
        select pg_temp.made_id(m.at, 'm' || n), pg_temp.made_id(pg_temp.moment(n / 5 * 5, @messages), 'n' || n / 5 * 5),
            ('01890000-0000-7000-8000-00000000000' || 1 + (n / 5 * 5) % 3)::uuid, 'u_' || m.person,
            case when c.name in ('sms', 'email') then null else 'phone' end, c.name, case t.key when 'sign-in-code' then 0 when 'weekly-offers' then 2 else 1 end,
            case c.name when 'sms' then '+1555' || lpad(m.person::text, 7, '0')
                when 'email' then 'person' || m.person || case when m.person % 3 = 0 then '@example.org' else '@mail.example.com' end
                else c.name || '-' || md5('d' || m.person) end,
            'en', s.status, s.reason, case when s.status in ('suppressed', 'queued') then 0 when s.status = 'failed' then 6 else 1 end,
            case when s.status in ('suppressed', 'queued') then null else c.provider end,
            case when s.status in ('sent', 'delivered', 'bounced') then 'pm-' || md5('p' || n) end,
            case when s.status = 'failed' then f.code when s.status = 'bounced' then '550' end,
            case when s.status = 'failed' then f.detail when s.status = 'bounced' then 'mailbox unavailable' end,
            m.at, case when s.status in ('sent', 'delivered', 'bounced') then m.at + interval '80 milliseconds' end, m.at + interval '2 seconds', t.key, 1
        from generate_series(@from, @to - 1) n
        cross join lateral (select pg_temp.moment(n, @messages) as at, 1 + abs(hashtext('who' || n)) % @users as person, pg_temp.dice(n, 'status') as luck) m
        join (values (0, 'ios_push', 'apns-main'), (1, 'android_push', 'fcm-main'), (2, 'web_push', 'webpush-main'), (3, 'sms', 'twilio-eu'), (4, 'email', 'sendgrid-eu'))
            c (kind, name, provider) on c.kind = n % 5
        join (values (0, 'order-shipped'), (1, 'invoice-ready'), (2, 'sign-in-code'), (3, 'weekly-offers'), (4, 'parcel-delayed')) t (kind, key) on t.kind = (n / 5) % 5
        join (values (0, 'timeout', 'The provider did not answer within 10 s'), (1, '21211', 'The ''To'' number +15550000000 is not a valid phone number'),
            (2, 'BadDeviceToken', 'BadDeviceToken'), (3, '503', 'Service unavailable, try again later')) f (kind, code, detail) on f.kind = m.luck % 4
        cross join lateral (select case when n >= @messages - least(40000, @messages / 100) then 'queued' when m.luck < 7000 then 'delivered' when m.luck < 9100 then 'sent' when m.luck < 9300 then 'failed'
                when m.luck < 9750 then 'suppressed' when m.luck < 9880 then 'bounced' when m.luck < 9950 then 'expired' else 'cancelled' end as status,
            case when n >= @messages - least(40000, @messages / 100) then null when m.luck between 9100 and 9299 then 'Given up after 6 failures; the last: ' || f.detail
                when m.luck between 9300 and 9749 then (array['opted_out', 'blocked', 'suppressed_address', 'category_opted_out', 'no_address'])[1 + m.luck % 5]
                when m.luck between 9750 and 9879 then 'hard_bounce' end as reason) s
        """;

    public const string Attempts = """
        insert into attempts (message_id, attempt, channel, provider, outcome, provider_message_id, error_code, detail, started_at, finished_at, node)
        select m.id, 1, m.channel, m.provider, case when m.status = 'failed' then 'transient' else 'accepted' end, m.provider_message_id, m.error_code, m.error_detail,
            m.created_at + interval '20 milliseconds', m.created_at + interval '80 milliseconds', 'node-1'
        from messages m
        where m.id >= uuid_from(pg_temp.moment(@from, @messages)) and m.id < uuid_from(pg_temp.moment(@to, @messages)) and m.attempts > 0
        """;

    // Those of the last fortnight still wait for somebody.
    public const string Failures = """
        insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, error_code, fingerprint, reason, attempts, failed_at, last_attempt)
        select id, notification_id, client_id, channel, lane, provider, template, error_code, substr(md5(channel || error_code || error_detail), 1, 24), reason, attempts, updated_at, attempts
        from messages
        where status = 'failed' and id >= uuid_from(now() - interval '14 days');
        insert into failure_groups (fingerprint, channel, provider, error_code, summary, first_seen, last_seen, total, sample_message_id)
        select d.fingerprint, min(d.channel), min(d.provider), min(d.error_code), min(m.error_detail), min(d.failed_at), max(d.failed_at), count(*), (max(d.message_id::text))::uuid
        from dead_letters d
        join messages m on m.id = d.message_id
        group by d.fingerprint
        """;

    // What waits, waits for tomorrow: a node that comes up on this database has nothing to send today.
    public const string Jobs = """
        insert into jobs (channel, id, lane, run_at, failures)
        select channel, id, lane, now() + interval '1 day' + (hashtext(id::text) % 3600) * interval '1 second', case when hashtext(id::text) % 50 = 0 then 2 else 0 end
        from messages
        where status = 'queued' and id >= uuid_from(now() - interval '2 days')
        """;

    public const string Trail = """
        insert into audit_log (id, at, actor, action, target, before, after, reason)
        select pg_temp.made_id(now() - n * interval '7 minutes', 'a' || n), now() - n * interval '7 minutes',
            (array['staff:ada@example.org', 'staff:grace@example.org', 'client:shop'])[1 + n % 3], (array['user.block', 'category.change', 'template.publish'])[1 + n % 3],
            (array['user:u_' || n, 'category:offers', 'template:order-shipped'])[1 + n % 3], '{"version": 1}', '{"version": 2}', 'Seeded'
        from generate_series(1, greatest(1000, @messages / 50)) n
        """;
}
