using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Browser;

/// Campaigns that are under way, held, tested, over, cancelled, and one that goes out every week: nothing works on their runs.
internal static class ReportSamples
{
    internal sealed record Made(string Running, string Held, string Tested, string Weekly, string Cancelled, string Small);

    public static async Task<Made> IntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        async Task<string> Add(string name, string status, string plan, string run, string counts, int hours)
        {
            var (campaign, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            await connection.ExecuteAsync(Sql.Campaign, new { campaign, name, status, plan });
            await connection.ExecuteAsync(Sql.Run, new { campaign, id, plan, run, hours });
            await connection.ExecuteAsync(Sql.Counts, new { id, counts, hours });
            return $"cmp_{campaign:N}";
        }

        var running = await Add("Blue lamps are back: 20 % off for everybody who ever looked at one", "running",
            """{"template":"back-in-stock","template_version":2,"throttle_per_minute":6000}""",
            """{"phase":"sending","audience":1204311,"expanded":912000,"addressed":741200,"throttle":6000,"excluded":{"category_opted_out":101300,"no_address":48200,"blocked":1200,"suppressed_address":12100,"opted_out":8000}}""",
            """
            [["ios_push","apns","back-in-stock",2,{"accepted":310000,"taken":301200,"sent":301200,"failed":1900,"opened_human":41200,"clicked_human":9800}],["ios_push","","back-in-stock",2,{"queued":6900}],
             ["android_push","fcm","back-in-stock",2,{"accepted":402000,"taken":388000,"delivered":379400,"sent":8600,"failed":3400,"opened_human":52000,"clicked_human":11200}],["android_push","","back-in-stock",2,{"queued":10600}],
             ["email","sendgrid-eu","back-in-stock",2,{"accepted":388000,"taken":240500,"delivered":231800,"sent":4200,"bounced":4500,"failed":120,"opened_human":61900,"opened_machine":70100,"clicked_human":14050,"unsubscribed":820,"complained":31}],["email","","back-in-stock",2,{"queued":77080,"suppressed":70300}]]
            """, 3);
        var held = await Add("冬のセール", "paused", """{"template":"back-in-stock","template_version":1}""",
            """{"phase":"sending","audience":48000,"expanded":9000,"addressed":8650,"held":"31 % of what providers answered failed: 1,204 of 3,884 messages. Twilio refused our credentials.","excluded":{"opted_out":350}}""",
            """[["sms","twilio","back-in-stock",1,{"accepted":8650,"taken":2680,"delivered":2680,"failed":1204}],["sms","","back-in-stock",1,{"queued":4766}]]""", 1);
        var tested = await Add("Which words are better?", "completed",
            """{"ab_test":{"variants":[{"name":"Short","template":"back-in-stock","template_version":1},{"name":"Long","template":"order-shipped","template_version":1},{"name":"مرحبا","template":"back-in-stock","template_version":3}],"sample_percent":30,"metric":"clicked","decide_after":"04:00:00"}}""",
            """{"phase":"ended","outcome":"completed","audience":84000,"expanded":84000,"addressed":81000,"winner":1,"excluded":{"category_opted_out":2100,"no_address":900}}""",
            """
            [["email","sendgrid-eu","back-in-stock",1,{"accepted":8100,"taken":8090,"delivered":8040,"bounced":50,"failed":10,"opened_human":2010,"clicked_human":240,"unsubscribed":31}],
             ["email","sendgrid-eu","order-shipped",1,{"accepted":64800,"taken":64700,"delivered":64300,"bounced":400,"failed":100,"opened_human":21200,"clicked_human":5100,"unsubscribed":110}],
             ["email","smtp-inhouse","back-in-stock",3,{"accepted":8100,"taken":8100,"delivered":8060,"bounced":40,"opened_human":1400,"clicked_human":130,"unsubscribed":44}]]
            """, 30);
        var cancelled = await Add("A slip of the finger", "cancelled", """{"template":"back-in-stock"}""",
            """{"phase":"ended","outcome":"cancelled","problem":"wrong price","audience":20000,"expanded":4000,"addressed":3900,"withdrawn":16000,"excluded":{"blocked":100}}""",
            """[["email","smtp-inhouse","back-in-stock",1,{"accepted":3900,"taken":1200,"delivered":1190,"bounced":10}],["email","","back-in-stock",1,{"cancelled":2700}]]""", 2);
        var weekly = await Add("이번 주의 이야기", "scheduled", """{"template":"back-in-stock","schedule":{"kind":"recurring","cron":"0 9 * * 1,4","time_zone":"Asia/Seoul"}}""",
            """{"phase":"ended","outcome":"completed","audience":9120,"expanded":9120,"addressed":9001,"excluded":{"category_opted_out":119}}""",
            """[["email","smtp-inhouse","back-in-stock",1,{"accepted":9001,"taken":9001,"delivered":8960,"bounced":41,"opened_human":3100,"clicked_human":410,"unsubscribed":9}]]""", 20);
        await connection.ExecuteAsync(Sql.Older, new { campaign = Guid.ParseExact(weekly[4..], "N") });
        var small = await Add("To forty friends", "completed", """{"template":"back-in-stock"}""",
            """{"phase":"ended","outcome":"completed","audience":40,"expanded":40,"addressed":35,"excluded":{"opted_out":5}}""", "[]", 5);
        await connection.ExecuteAsync(Sql.Messages, new { campaign = Guid.ParseExact(small[4..], "N") });
        return new Made(running, held, tested, weekly, cancelled, small);
    }

    /// More than a sample, some of whom get nothing, in several zones.
    public static async Task PeopleIntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(Sql.People);
    }

    private static class Sql
    {
        public const string People = """
            insert into users (id, email, phone, locale, country, time_zone)
            select 'sample-' || n, case when n % 9 > 0 then 'sample' || n || '@example.org' end, case when n % 4 = 0 then '+4179' || lpad(n::text, 7, '0') end, 'de-CH', 'CH',
                (array['Europe/Zurich', 'Asia/Tokyo', 'America/New_York', null])[1 + n % 4]
            from generate_series(1, 12000) n on conflict do nothing;
            insert into devices (user_id, id, platform, push_provider, token)
            select 'sample-' || n, 'd', case when n % 2 = 0 then 'ios' else 'android' end, case when n % 2 = 0 then 'apns' else 'fcm' end, 'token-' || n from generate_series(1, 12000, 3) n on conflict do nothing;
            insert into preferences (user_id, channel, category, opt_in, source) select 'sample-' || n, 'email', 'offers', false, 'test' from generate_series(1, 12000, 17) n on conflict do nothing;
            insert into blocks (user_id, reason, created_by) select 'sample-' || n, 'test', 'test' from generate_series(1, 12000, 211) n on conflict do nothing;
            analyze users
            """;

        public const string Campaign = """
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (@campaign, '00000000-0000-0000-0000-000000000000', @name, @status, @plan::jsonb, 'staff:ada@example.org', 'staff:ada@example.org', case when @status = 'scheduled' then now() + interval '3 days' end)
            """;

        public const string Run = """
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, phase, outcome, problem, ended_at, paused_at, paused_by, pause_reason, audience, expanded, addressed, withdrawn,
                excluded, throttle, winner, started_at, next_at, tend_at)
            select @id, @campaign, now() - @hours * interval '1 hour', '00000000-0000-0000-0000-000000000000', false, @plan::jsonb, r ->> 'phase', r ->> 'outcome', r ->> 'problem',
                case when r ->> 'outcome' is not null then now() - interval '20 minutes' end, case when r ->> 'held' is not null then now() - interval '12 minutes' end, 'server', r ->> 'held',
                (r ->> 'audience')::integer, (r ->> 'expanded')::integer, (r ->> 'addressed')::integer, coalesce((r ->> 'withdrawn')::integer, 0), r -> 'excluded', (r ->> 'throttle')::integer, (r ->> 'winner')::smallint,
                now() - @hours * interval '1 hour', now(), now() + interval '1 day'
            from (select @run::jsonb as r) as given
            """;

        // Slowly, then fast, then slowly: and in all as many as are told. What waits is from now.
        public const string Counts = """
            insert into campaign_counts (run_id, at, channel, template, template_version, provider, metric, count)
            select @id, date_bin('10 minutes', now() - @hours * interval '1 hour', 'epoch') + n * interval '10 minutes', p ->> 0, p ->> 2, (p ->> 3)::integer, p ->> 1, m.key,
                floor(m.value::bigint * (1 - cos(pi() * (n + 1) / (6 * @hours))) / 2) - floor(m.value::bigint * (1 - cos(pi() * n / (6 * @hours))) / 2)
            from jsonb_array_elements(@counts::jsonb) as p, jsonb_each_text(p -> 4) as m, generate_series(0, 6 * @hours - 1) as n;
            update campaign_runs set messages = (select coalesce(sum(count), 0) from campaign_counts where run_id = @id and metric = 'accepted') where id = @id;
            insert into campaign_locale_counts (run_id, locale, metric, count)
            select @id, l.locale, c.metric, case l.n when 1 then c.total - 2 * (c.total / 4) else c.total / 4 end
            from (select metric, sum(count)::bigint as total from campaign_counts where run_id = @id group by 1) as c, (values (1, 'de-CH'), (2, 'fr'), (3, '')) as l(n, locale)
            """;

        public const string Older = """
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, phase, outcome, ended_at, audience, expanded, addressed, excluded, started_at, messages, tend_at)
            select uuid_from(now() - w * interval '84 hours'), campaign_id, now() - w * interval '84 hours', client_id, false, plan, 'ended', case when w = 4 then 'expired' else 'completed' end, now() - w * interval '84 hours' + interval '40 minutes',
                9000 - w * 31, 9000 - w * 31, 8900 - w * 31, '{"category_opted_out": 100}', now() - w * interval '84 hours', 8900 - w * 31, 'infinity'
            from campaign_runs, generate_series(1, 9) w where campaign_id = @campaign;
            insert into campaign_counts (run_id, at, channel, template, template_version, provider, metric, count)
            select r.id, r.started_at, 'email', 'back-in-stock', 1, 'smtp-inhouse', m.metric, (r.messages * m.share)::bigint
            from campaign_runs r, (values ('accepted', 1.0), ('delivered', 1.0), ('taken', 1.0), ('opened_human', .31), ('clicked_human', .05)) as m(metric, share)
            where r.campaign_id = @campaign and r.ended_at < now() - interval '1 day'
            """;

        public const string Messages = """
            insert into campaign_recipients (run_id, user_id, wave) select id, 'friend-' || n, 0 from campaign_runs, generate_series(1, 40) n where campaign_id = @campaign;
            insert into messages (id, notification_id, client_id, user_id, channel, lane, address, status, reason, provider, template, template_version, created_at, updated_at, sent_at, campaign_run_id)
            select (left(uuid_from(r.started_at + n * interval '1 minute')::text, 15) || '7' || substr(gen_random_uuid()::text, 17))::uuid, gen_random_uuid(), r.client_id,
                case n when 3 then 'プレゼント-愛' when 5 then 'u_with-a-very-long-identifier-from-another-system-000000000000000042' else 'friend-' || n end,
                case when n % 3 = 0 then 'email' when n % 3 = 1 then 'android_push' else 'sms' end, 2, 'a@example.org',
                case when n % 8 = 0 then 'suppressed' when n % 11 = 0 then 'bounced' when n % 4 = 1 then 'sent' else 'delivered' end,
                case when n % 8 = 0 then 'opted_out' when n % 11 = 0 then 'sendgrid: 5.1.1 the mailbox is unknown' end,
                case when n % 8 = 0 then null when n % 3 = 0 then 'sendgrid-eu' when n % 3 = 1 then 'fcm' else 'twilio' end, 'back-in-stock', 1, r.started_at, now(),
                case when n % 8 = 0 then null else r.started_at + n * interval '1 minute' end, r.id
            from campaign_runs r, generate_series(1, 40) n where r.campaign_id = @campaign;
            insert into engaged (message_id, kind, by_whom, at, day, client_id, template, template_version, channel, provider, campaign_run_id)
            select m.id, k.kind, 'human', now(), now()::date, m.client_id, m.template, 1, m.channel, m.provider, m.campaign_run_id
            from messages m join campaign_runs r on r.id = m.campaign_run_id cross join (values ('opened'), ('clicked')) as k(kind)
            where r.campaign_id = @campaign and m.status = 'delivered' and (k.kind = 'opened' or m.channel = 'email');
            update campaign_runs r set messages = 40 where r.campaign_id = @campaign
            """;
    }
}
