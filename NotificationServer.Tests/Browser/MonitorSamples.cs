using NotificationServer.Tests.Admin.Pages.Monitor;

namespace NotificationServer.Tests.Browser;

/// A busy night: an hour and a week of traffic, a provider that refuses us, failures of several kinds, a node that died.
internal static class MonitorSamples
{
    public static async Task IntoAsync(MonitorServer server)
    {
        if (await server.ScalarAsync<bool>("select exists (select from nodes where name like 'eu-west-2%')")) return;
        await server.ExecuteAsync("""
            insert into queue_flow (at, channel, lane, came, went, failed)
            select at, channel, lane, round(rate * (1 + 0.3 * sin(extract(epoch from at) / 700)) + random() * rate * 0.2),
                case when channel = 'sms' and at > now() - interval '12 minutes' then 0 else round(rate * (1 + 0.3 * sin(extract(epoch from at) / 700 - 0.2)) + random() * rate * 0.15) end,
                case when channel = 'email' then round(random() * rate * 0.02) else 0 end
            from generate_series(date_bin('10 seconds', now() - interval '65 minutes', 'epoch'), now(), interval '10 seconds') as at,
                (values ('ios_push', 1, 400), ('ios_push', 2, 2500), ('android_push', 1, 700), ('android_push', 2, 4100), ('web_push', 1, 40),
                    ('sms', 0, 90), ('sms', 1, 260), ('email', 1, 300), ('email', 2, 5200)) as f(channel, lane, rate)
            on conflict do nothing;
            insert into queue_history (at, channel, lane, came, went, failed)
            select at, channel, lane, v, v, v / 90
            from (
                select at, channel, lane, round(rate * (1.2 + sin(extract(epoch from at) / 86400 * 6.2832)) + random() * rate * 0.3) as v
                from generate_series(date_bin('10 minutes', now() - interval '7 days', 'epoch'), now(), interval '10 minutes') as at,
                    (values ('sms', 0, 5000), ('sms', 1, 16000), ('email', 2, 300000)) as f(channel, lane, rate)
            ) as h
            on conflict do nothing;
            insert into message_counts (bucket, channel, lane, status, accepted, count)
            select date_bin('10 minutes', now(), 'epoch') - make_interval(mins => 10 * n) - make_interval(days => d), channel, 1, status, case status when 'sent' then size else 0 end, case status when 'sent' then size - 3 else 3 end
            from generate_series(1, 6) n, unnest(array[0, 7]) d, unnest(array['sent', 'failed']) status, (values ('ios_push', 240113), ('android_push', 391002), ('sms', 61400), ('email', 512600)) as c(channel, size)
            on conflict do nothing;
            insert into nodes (name, roles, version, started_at, seen_at, load, calls)
            values ('eu-west-1a-prod-notification-server-7c9f4d-4711-0b1c2d3e', '{api,worker,admin,scheduler}', '1.4.2+86045f61d3d1', now() - interval '9 days', now() + interval '10 minutes',
                    '{"ios_push":{"in_flight":120,"slots":500},"android_push":{"in_flight":488,"slots":500},"web_push":{"in_flight":0,"slots":500},"sms":{"in_flight":0,"slots":200},"email":{"in_flight":231,"slots":300}}',
                    '{"sendgrid":{"calls":14200,"failed":36,"seconds":30}}'),
                ('eu-west-1b-4712-1c2d3e4f', '{worker}', '1.4.1+0a2e18a7b3c4', now() - interval '2 hours', now() + interval '10 minutes', '{"sms":{"in_flight":0,"slots":200},"email":{"in_flight":44,"slots":300}}', '{}'),
                ('eu-west-2c-4713-2d3e4f50', '{worker}', '1.4.2+86045f61d3d1', now() - interval '3 days', now() - interval '7 minutes', '{}', '{}');
            insert into alerts (kind, key, first_seen, detail) values
                ('queued_without_job', 'sms/transactional', now() - interval '3 hours', '{"expected":1206,"found":1204,"messages":["msg_019a0000000070008000000000000001","msg_019a0000000070008000000000000002"]}'),
                ('webhook_disabled', 'whe_019a0000000070008000000000000003', now() - interval '2 days', '{"reason":"failing","client":"Bestellungen & Rücksendungen GmbH","host":"hooks.bestellungen.example.org"}');
            insert into alerts (kind, key, first_seen, last_seen, cleared_at, detail)
            select 'counter_drift', to_char(now() - make_interval(days => n), 'YYYY-MM-DD"T"HH24:MI') || 'Z/email/bulk/sent', now() - make_interval(days => n), now() - make_interval(days => n), now() - make_interval(days => n) + interval '20 minutes', '{"expected":5100,"found":5099,"messages":[]}'
            from generate_series(1, 7) n;
            insert into chores (name, every, ran_at, took_ms, node, runs, failures, failed_at, problem)
            values ('WebhookDigest', interval '1 hour', now() - interval '4 minutes', 30012.4, 'eu-west-1b-4712', 4120, 3, now() - interval '4 minutes', '57014: canceling statement due to statement timeout')
            on conflict (name) do update set failed_at = excluded.failed_at, ran_at = excluded.ran_at, problem = excluded.problem;
            """);
        await server.GivenWaitingAsync("sms", 1204, TimeSpan.FromMinutes(12));
        await server.GivenWaitingAsync("sms", 31, TimeSpan.FromSeconds(40), lane: 0);
        await server.GivenWaitingAsync("email", 9000, TimeSpan.FromSeconds(20), lane: 2);
        await server.GivenWaitingAsync("email", 400, TimeSpan.FromHours(-3), lane: 2);
        await server.GivenWaitingAsync("email", 83, TimeSpan.FromMinutes(-4), failures: 3);
        await server.GivenWaitingAsync("ios_push", 2, TimeSpan.FromMinutes(9), lane: 1);
        await server.ExecuteAsync("update jobs set state = 1, leased_by = 'eu-west-2c-4713-2d3e4f50', leased_at = now() - interval '8 minutes', lease_until = now() - interval '7 minutes' where channel = 'ios_push'");
        await server.GivenClosedAccountAsync("twilio", "misconfigured: Authenticate (20003)", TimeSpan.FromMinutes(12));
        await server.GivenFailedAsync("email", "sendgrid", "1f00d", "The mailbox … does not exist (550 5.1.1)", 312);
        await server.GivenFailedAsync("sms", "twilio", "2f00d", "Attempt to send to unsubscribed recipient", 41);
        await server.GivenFailedAsync("ios_push", "apns", "3f00d", "A reason that goes on and on because the vendor thought that it should explain the whole of its protocol to whoever has to read it at night: BadCollapseId, the collapse identifier exceeds the maximum allowed size", 7);
        await server.ExecuteAsync("insert into queue_switches (kind, name, mode, reason, changed_by, changed_at) values ('channel', 'web_push', 'paused', 'The vendor asked for quiet until its move is over; ticket OPS-2291', 'staff:ada@example.org', now() - interval '50 minutes')");
    }
}
