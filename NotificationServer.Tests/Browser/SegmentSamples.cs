using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Browser;

/// Segments as marketers make them: one line and many, named in several scripts, and lists.
internal static class SegmentSamples
{
    public static async Task IntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into segments (id, name, description, kind, rules, estimated_size, estimated_at, created_by, updated_by, updated_at) values
                ('01990000-0000-7000-8000-000000000001', 'Dormant customers in Germany, Austria and Switzerland', 'Whom we have not heard of since spring; for the newsletter of November', 'rules',
                    '{"all": [{"field": "country", "op": "in", "value": ["DE", "AT", "CH"]}, {"field": "attributes.plan", "op": "is", "value": "pro"}, {"any": [{"field": "engagement", "op": "did_not", "value": "opened", "within_days": 90}, {"field": "received", "op": "fewer_than", "value": 2, "within_days": 30, "category": "offers"}]}, {"not": {"any": [{"field": "segment", "op": "in", "value": ["seg_01990000000070008000000000000004"]}, {"field": "preference", "op": "is", "value": "out", "channel": "email", "category": "offers"}]}}]}',
                    124310, now() - interval '3 hours', 'staff:grace@example.org', 'staff:ada@example.org', now() - interval '2 days'),
                ('01990000-0000-7000-8000-000000000002', 'Everybody', '', 'rules', '{"all": []}', null, null, 'client:shop', 'client:shop', now() - interval '80 days'),
                ('01990000-0000-7000-8000-000000000003', 'عملاء دبي', '', 'rules',
                    '{"all": [{"field": "time_zone", "op": "in", "value": ["Asia/Dubai"]}, {"field": "device.platform", "op": "in", "value": ["ios", "android"]}, {"field": "device.app_version", "op": "at_least", "value": "5.2"}, {"field": "attributes.born", "op": "anniversary_in_days", "value": 0}]}',
                    3, now() - interval '9 days', 'staff:grace@example.org', 'staff:grace@example.org', now() - interval '9 days'),
                ('01990000-0000-7000-8000-000000000004', 'Press and partners', 'From the fair in Köln', 'list', null, 48, now() - interval '1 day', 'staff:grace@example.org', 'staff:grace@example.org', now() - interval '1 day'),
                ('01990000-0000-7000-8000-000000000005', '新規のお客様', '', 'rules', '{"all": [{"field": "created_at", "op": "within_last_days", "value": 30}, {"field": "email", "op": "exists"}]}', 0, now(), 'staff:grace@example.org', 'staff:grace@example.org', now() - interval '4 minutes')
            on conflict do nothing;
            insert into segment_members
            select '01990000-0000-7000-8000-000000000004'::uuid, 'u_' || n from generate_series(1, 48) n
            union all select '01990000-0000-7000-8000-000000000004', 'auth0|5f7c8ec7c33c6c004bbafe82:tenant-with-a-rather-long-name.example.org'
            on conflict do nothing;
            """);
    }
}
