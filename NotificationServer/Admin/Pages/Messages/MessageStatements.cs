namespace NotificationServer.Admin.Pages.Messages;

/// The statements of <see cref="MessageLists"/> on the log. The state of a message that is live is its job's; all other states are in its row.
internal static class MessageStatements
{
    internal static class Sql
    {
        // Of one person, address or notification there are few: each way in is an index, and the rest of the filter needs none. Jobs by their keys, whatever
        // the planner believes of a queue that has just filled: the limit of one keeps it from reading all of them.
        public const string OfFound = """
            select * from (
                select mine.*
                from unnest(@users::text[]) u(id)
                cross join lateral (
                select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at, state
                from (
                    select x.*, case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                        when j.run_at <= now() then 'ready' else 'scheduled' end as state
                    from messages x
                    left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
                    where x.user_id = u.id and x.id >= @from and x.id < @below
                        and (@channels::text[] is null or x.channel = any(@channels::text[]))
                        and (@lane::smallint is null or x.lane = @lane::smallint)
                        and (@provider::text is null or x.provider = @provider::text)
                        and (@template::text is null or x.template = @template::text)
                        and (@runs::uuid[] is null or x.campaign_run_id = any(@runs::uuid[]))
                ) x
                where @wanted::text is null or state = @wanted::text
                order by id desc
                limit @limit
                ) mine
                union all
                (select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at, state
                from (
                    select x.*, case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                        when j.run_at <= now() then 'ready' else 'scheduled' end as state
                    from messages x
                    left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
                    where @address::text is not null and x.user_id is null and x.address is not null and lower(x.address) = lower(@address::text) and x.id >= @from and x.id < @below
                        and (@channels::text[] is null or x.channel = any(@channels::text[]))
                        and (@lane::smallint is null or x.lane = @lane::smallint)
                        and (@provider::text is null or x.provider = @provider::text)
                        and (@template::text is null or x.template = @template::text)
                        and (@runs::uuid[] is null or x.campaign_run_id = any(@runs::uuid[]))
                ) x
                where @wanted::text is null or state = @wanted::text
                order by id desc
                limit @limit)
                union all
                (select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at, state
                from (
                    select x.*, case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                        when j.run_at <= now() then 'ready' else 'scheduled' end as state
                    from messages x
                    left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
                    where x.notification_id = any(@notifications::uuid[]) and x.id >= @first and x.id < @last and x.id >= @from and x.id < @below
                        and (@channels::text[] is null or x.channel = any(@channels::text[]))
                        and (@lane::smallint is null or x.lane = @lane::smallint)
                        and (@provider::text is null or x.provider = @provider::text)
                        and (@template::text is null or x.template = @template::text)
                        and (@runs::uuid[] is null or x.campaign_run_id = any(@runs::uuid[]))
                ) x
                where @wanted::text is null or state = @wanted::text
                order by id desc
                limit @limit)
                union all
                (select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at, state
                from (
                    select x.*, case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                        when j.run_at <= now() then 'ready' else 'scheduled' end as state
                    from messages x
                    left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
                    where x.id = any(@ids::uuid[]) and x.id >= @from and x.id < @below
                        and (@channels::text[] is null or x.channel = any(@channels::text[]))
                        and (@lane::smallint is null or x.lane = @lane::smallint)
                        and (@provider::text is null or x.provider = @provider::text)
                        and (@template::text is null or x.template = @template::text)
                        and (@runs::uuid[] is null or x.campaign_run_id = any(@runs::uuid[]))
                ) x
                where @wanted::text is null or state = @wanted::text
                order by id desc
                limit @limit)
            ) found
            order by id desc
            limit @limit
            """;

        // So many of the newest, whatever is found among them: no index names what a send changes, and a page must answer.
        public const string Newest = """
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at,
                case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                    when j.run_at <= now() then 'ready' else 'scheduled' end as state
            from (
                select *
                from (
                    select * from messages where id >= @from and id < @below order by id desc limit @looksAt
                ) x
                where (@channels::text[] is null or x.channel = any(@channels::text[]))
                    and (@lane::smallint is null or x.lane = @lane::smallint)
                    and (@provider::text is null or x.provider = @provider::text)
                    and (@template::text is null or x.template = @template::text)
                    and (@providerMessageId::text is null or x.provider_message_id = @providerMessageId::text)
                    and (@wanted::text is null or x.status = @wanted::text)
                order by id desc
                limit @limit
            ) x
            left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
            order by x.id desc
            """;

        // Null: it looked at all that there was.
        public const string LookedUntil = """
            select id from messages where id >= @from and id < @below order by id desc offset @skip limit 1
            """;

        public const string Dead = """
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, coalesce(x.reason, d.reason) as reason, x.provider, x.template, x.created_at,
                'failed' as state, d.failed_at as at, (extract(epoch from d.failed_at) * 1000000)::bigint as position
            from (
                select message_id, failed_at, reason
                from dead_letters
                where (@channels::text[] is null or channel = any(@channels::text[]))
                    and (@lane::smallint is null or lane = @lane::smallint)
                    and (@provider::text is null or provider = @provider::text)
                    and (@template::text is null or template = @template::text)
                    -- Whose it was is looked up one by one, and only of what failed since the campaign began.
                    and (@Since::timestamptz is null or failed_at >= @Since::timestamptz)
                    and (@runs::uuid[] is null or (select m.campaign_run_id from messages m where m.id = message_id) = any(@runs::uuid[]))
                    and (@From::timestamptz is null or failed_at >= @From::timestamptz)
                    and (@To::timestamptz is null or failed_at < @To::timestamptz)
                    and (@position::bigint is null or (failed_at, message_id) < (to_timestamp(0) + @position::bigint * interval '1 microsecond', @after::uuid))
                order by failed_at desc, message_id desc
                limit @limit
            ) d
            join messages x on x.id = d.message_id
            order by d.failed_at desc, d.message_id desc
            """;
    }
}
