using Dapper;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Browser;

/// Accounts, keys, endpoints and deeds of every kind, for looking at.
internal static class OutsideSamples
{
    public static async Task IntoAsync(OutsideServer server)
    {
        await using var connection = await server.Host.Database.Source.OpenConnectionAsync();
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from provider_accounts where key = 'sendgrid-eu')")) return;

        var api = server.Host.Client;
        string[] accounts =
        [
            """sendgrid-eu {"kind":"sendgrid","order":10,"rate_per_second":200,"daily_cap":500000,"markets":["DE","AT","CH","FR","IT","ES","PL","NL"],"settings":{"from":"news@example.org","from_name":"Größte Bäckerei am Platz"},"secrets":{"api_key":"SG.x"},"reason":"Europe goes through Europe"}""",
            """mailchimp-us {"kind":"mailchimp","order":20,"settings":{"from":"news@example.org"},"secrets":{"api_key":"md-x"},"warm_up":{"start_date":"2026-11-01","first_day":50,"growth_per_day":2},"daily_cap":100000}""",
            """smtp-inhouse {"kind":"smtp","order":900,"enabled":false,"settings":{"host":"mail.example.org","from":"no-reply@example.org","port":465,"security":"Implicit"}}""",
            """pushy-cn {"kind":"pushy","order":5,"apps":["com.example.shop"],"secrets":{"api_key":"p"}}""",
            """vonage-apac {"kind":"vonage","order":30,"rate_per_second":30,"markets":["JP","KR","IN"],"settings":{"api":"Sms","api_key":"abc","from":"Example"},"secrets":{"api_secret":"s"}}""",
        ];
        foreach (var account in accounts)
            await api.JsonAsync($"PUT /v1/providers/{account.Split(' ', 2)[0]}", account.Split(' ', 2)[1]);
        await api.JsonAsync("PUT /v1/routing-rules", """{"rules":[{"key":"codes-in-europe","channels":["sms"],"countries":["DE","AT","CH"],"categories":["security"],"accounts":["vonage-apac"]},{"key":"offers","channels":["email"],"templates":["black-friday"],"accounts":["mailchimp-us","sendgrid-eu"]}],"reason":"a faster way for codes"}""");
        await api.JsonAsync("POST /v1/providers/mailchimp-us:pause", """{"reason":"the invoice is being looked at; ask Grace before you resume it"}""");
        await connection.ExecuteAsync(Sql.Rows);
        await api.JsonAsync("POST /v1/webhook-endpoints", """{"url":"https://hooks.example.com/notifications","event_types":["message.delivered","message.failed","message.bounced"],"description":"order service"}""");
    }

    public static async Task<IReadOnlyList<(string Path, string Picture)>> PagesAsync(OutsideServer server)
    {
        await using var connection = await server.Host.Database.Source.OpenConnectionAsync();
        var key = await connection.ExecuteScalarAsync<string>("select id from api_keys where name = 'production' limit 1");
        var endpoint = await connection.ExecuteScalarAsync<Guid>("select id from webhook_endpoints where description = 'data warehouse (東京)'");
        var told = await connection.ExecuteScalarAsync<Guid>("select event_id from webhook_deliveries where status = 'failed' limit 1");
        return
        [
            ("/providers?to=%2B41791234567&category=security", "providers"), ("/providers/sendgrid-eu", "provider"), ("/providers/vonage-apac", "provider-failing"), ("/new-provider", "provider-kinds"), ("/routing", "routing"),
            ("/new-provider?kind=twilio", "provider-new"), ("/providers/smtp-inhouse/edit", "provider-edit"), ("/keys", "keys"), ("/keys?q=nothing-like-it", "keys-nothing"), ("/keys/new", "key-new"),
            ($"/keys/{key}", "key"), ("/webhooks", "webhooks"), ($"/webhooks/whe_{endpoint:N}", "webhook"), ($"/webhooks/whe_{endpoint:N}/evt_{told:N}", "webhook-delivery"), ("/webhooks/new", "webhook-new"),
            ("/audit", "audit"), ("/audit?actor=nobody", "audit-nothing"), ("/settings", "settings"),
        ];
    }

    private static class Sql
    {
        public const string Rows = """
            insert into clients (id, name) select gen_random_uuid(), n from unnest(array['billing', 'ショップ (Tokyo)', 'متجر', 'warehouse-and-logistics-europe-with-a-very-long-name']) n on conflict do nothing;
            insert into api_keys (id, client_id, name, digest, scopes, sandbox, created_at, expires_at, last_used_at, revoked_at, created_by)
            select 'sample' || lpad(n::text, 10, '0'), c.id, (array['production', 'July 2026', 'nightly import', 'rotated by Grace'])[1 + n % 4], '',
                case n % 3 when 0 then array['notifications:write', 'notifications:read'] when 1 then array['ops:read'] else array['notifications:write', 'users:write', 'templates:write', 'webhooks:manage'] end,
                n % 5 = 0, now() - n * interval '9 days', case when n % 3 = 0 then now() + n * interval '2 days' end, case when n % 4 <> 3 then now() - n * interval '7 minutes' end,
                case when n % 6 = 5 then now() - interval '2 hours' end, 'staff:ada@example.org'
            from generate_series(1, 14) n join (select id, row_number() over (order by name) as place from clients) c on c.place = 1 + n % (select count(*) from clients);

            insert into webhook_endpoints (id, client_id, sandbox, url, event_types, description, enabled, secret, secret_key, created_by, failing_since, disabled_reason, disabled_at)
            select gen_random_uuid(), id, false, 'https://ingest.warehouse.example.com/very/long/path/with/a/token/0123456789abcdef', '{message.sent,message.delivered,message.failed}'::text[], 'data warehouse (東京)', true, ''::bytea, 'provider_key', 'client:billing', now() - interval '5 hours', null, null::timestamptz
            from clients where name = 'billing'
            union all
            select gen_random_uuid(), id, true, 'https://staging.example.com/hook', '{message.failed}'::text[], null, false, ''::bytea, 'provider_key', 'client:billing', null, 'gone', now() - interval '1 day' from clients where name = 'متجر';
            insert into webhook_deliveries (endpoint_id, event_id, type, at, data, status, attempts, http_status, error, finished_at)
            select e.id, (left(uuid_from(now() - n * interval '20 minutes')::text, 15) || '7' || substr(gen_random_uuid()::text, 17))::uuid, (array['message.sent', 'message.delivered', 'message.failed'])[1 + n % 3], now() - n * interval '20 minutes',
                '{"message_id":"msg_0199c3a2f1d47c1e9a6b0d2c4e8f7a11","user_id":"u_42","status":"failed","reason":"sendgrid: 5.1.1 mailbox unknown"}', case when n % 4 = 0 then 'failed' when n % 4 = 1 then 'pending' else 'delivered' end,
                1 + n % 10, case when n % 4 < 2 then 503 else 200 end, case when n % 4 < 2 then 'refused' end, now()
            from webhook_endpoints e, generate_series(1, 24) n where e.failing_since is not null;
            insert into webhook_attempts (endpoint_id, event_id, attempt, http_status, error, answer, started_at, finished_at, node)
            select endpoint_id, event_id, a, case when a < 3 then 503 end, case when a < 3 then 'refused' else 'timed_out' end, case when a < 3 then '<html><body>Service Unavailable</body></html>' end, now() - interval '1 hour' + a * interval '5 minutes', now() - interval '1 hour' + a * interval '5 minutes 2 seconds', 'a'
            from webhook_deliveries, generate_series(1, 3) a where status = 'failed';

            insert into provider_gates (account, breaker, reason, opened_at, open_until, times_opened)
            values ('vonage-apac', 'open', 'misconfigured: vonage 401/401 the credentials were refused', now() - interval '40 minutes', now() + interval '4 minutes', 3) on conflict do nothing;
            insert into provider_gate_changes (account, at, breaker, reason) values ('vonage-apac', now() - interval '3 days', 'open', '5 calls in a row without an answer: timeout'), ('vonage-apac', now() - interval '3 days' + interval '6 minutes', 'closed', null);
            insert into attempts (message_id, attempt, channel, provider, outcome, error_code, detail, started_at, finished_at, node)
            select (left(uuid_from(now() - n * interval '1 second')::text, 15) || '7' || substr(gen_random_uuid()::text, 17))::uuid, 1, case when n % 3 = 0 then 'sms' else 'email' end,
                case when n % 3 = 0 then 'vonage-apac' else 'sendgrid-eu' end, case when n % 3 = 0 then case when n % 2 = 0 then 'misconfigured' else 'transient' end when n % 20 = 1 then 'transient' else 'accepted' end,
                case when n % 3 = 0 then case when n % 2 = 0 then '401' else '503' end when n % 20 = 1 then '429' end, case when n % 3 = 0 then 'vonage 401/401 the credentials were refused, look at the console' when n % 20 = 1 then 'sendgrid 503' end,
                now() - n * interval '1 second', now() - n * interval '1 second' + interval '80 milliseconds', 'a'
            from generate_series(1, 700) n;
            insert into provider_rates (account, day, taken) values ('sendgrid-eu', (now() at time zone 'utc')::date, 184203) on conflict (account) do update set day = excluded.day, taken = excluded.taken;
            """;
    }
}
