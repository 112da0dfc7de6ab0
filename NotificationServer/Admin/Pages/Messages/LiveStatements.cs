namespace NotificationServer.Admin.Pages.Messages;

/// The statements of <see cref="MessageLists"/> on the queues.
internal static class LiveStatements
{
    internal static class Sql
    {
        // A walk along the index of each lane, from where the last page ended; what was due before it and what is due after it is not looked at.
        public const string Waiting = """
            with chosen as materialized (
                select j.channel, j.id, j.at
                from unnest(@queues::text[]) q(channel)
                cross join unnest(@lanes::smallint[]) l(lane)
                cross join lateral (
                    select w.channel, w.id, w.run_at as at
                    from (
                        select *
                        from jobs
                        where jobs.channel = q.channel and jobs.lane = l.lane and jobs.state = 0
                            and run_at > case when @wanted::text = 'ready' then '-infinity'::timestamptz else now() end
                            and run_at <= case when @wanted::text = 'ready' then now() else 'infinity'::timestamptz end
                            and (@position::bigint is null or (run_at, id) > (to_timestamp(0) + @position::bigint * interval '1 microsecond', @after::uuid))
                        order by run_at, id
                        limit @looksAt
                    ) w
                    where @provider::text is null and @template::text is null and @runs::uuid[] is null or exists (
                        select from messages m where m.id = w.id
                            and (@provider::text is null or m.provider = @provider::text) and (@template::text is null or m.template = @template::text)
                            and (@runs::uuid[] is null or m.campaign_run_id = any(@runs::uuid[])))
                    order by w.run_at, w.id
                    limit @limit
                ) j
                order by j.at, j.id
                limit @limit
            )
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at,
                @wanted::text as state, c.at, (extract(epoch from c.at) * 1000000)::bigint as position
            from chosen c
            join messages x on x.id = c.id
            order by c.at, c.id
            """;

        // Due or not: they have an index of their own.
        public const string Retrying = """
            with chosen as materialized (
                select j.channel, j.id, j.at
                from unnest(@queues::text[]) q(channel)
                cross join unnest(@lanes::smallint[]) l(lane)
                cross join lateral (
                    select w.channel, w.id, w.run_at as at
                    from (
                        select *
                        from jobs
                        where jobs.channel = q.channel and jobs.lane = l.lane and jobs.state = 0 and jobs.failures > 0
                            and (@position::bigint is null or (run_at, id) > (to_timestamp(0) + @position::bigint * interval '1 microsecond', @after::uuid))
                        order by run_at, id
                        limit @looksAt
                    ) w
                    where @provider::text is null and @template::text is null and @runs::uuid[] is null or exists (
                        select from messages m where m.id = w.id
                            and (@provider::text is null or m.provider = @provider::text) and (@template::text is null or m.template = @template::text)
                            and (@runs::uuid[] is null or m.campaign_run_id = any(@runs::uuid[])))
                    order by w.run_at, w.id
                    limit @limit
                ) j
                order by j.at, j.id
                limit @limit
            )
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at,
                @wanted::text as state, c.at, (extract(epoch from c.at) * 1000000)::bigint as position
            from chosen c
            join messages x on x.id = c.id
            order by c.at, c.id
            """;

        // As many as are being sent: the workers' slots are their bound.
        public const string Processing = """
            with chosen as materialized (
                select j.channel, j.id, j.at
                from unnest(@queues::text[]) q(channel)
                cross join unnest(@lanes::smallint[]) l(lane)
                cross join lateral (
                    select w.channel, w.id, w.lease_until as at
                    from (
                        select *
                        from jobs
                        where jobs.channel = q.channel and jobs.lane = l.lane and jobs.state = 1
                            and (@position::bigint is null or (lease_until, id) > (to_timestamp(0) + @position::bigint * interval '1 microsecond', @after::uuid))
                        order by lease_until, id
                        limit @looksAt
                    ) w
                    where @provider::text is null and @template::text is null and @runs::uuid[] is null or exists (
                        select from messages m where m.id = w.id
                            and (@provider::text is null or m.provider = @provider::text) and (@template::text is null or m.template = @template::text)
                            and (@runs::uuid[] is null or m.campaign_run_id = any(@runs::uuid[])))
                    order by w.lease_until, w.id
                    limit @limit
                ) j
                order by j.at, j.id
                limit @limit
            )
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at,
                @wanted::text as state, c.at, (extract(epoch from c.at) * 1000000)::bigint as position
            from chosen c
            join messages x on x.id = c.id
            order by c.at, c.id
            """;
    }
}
