namespace NotificationServer.Admin.Pages.Messages;

/// The statements of <see cref="MessageLists"/> on the messages of a campaign: those of each of its runs lie together in an index.
internal static class CampaignStatements
{
    internal static class Sql
    {
        // So many of the newest of each run, whatever is found among them: what a send changes is in no index, and a run may have millions.
        public const string OfRuns = """
            select x.id, x.notification_id, x.user_id, x.address, x.channel, x.lane, x.reason, x.provider, x.template, x.created_at,
                case when x.status <> 'queued' or j.id is null then x.status when j.state = 1 then 'processing' when j.failures > 0 then 'retrying'
                    when j.run_at <= now() then 'ready' else 'scheduled' end as state
            from (
                select found.*
                from unnest(@runs::uuid[]) r(id)
                cross join lateral (
                    select *
                    from (
                        select * from messages where campaign_run_id = r.id and id >= @from and id < @below order by id desc limit @looksAt
                    ) m
                    where (@channels::text[] is null or m.channel = any(@channels::text[]))
                        and (@lane::smallint is null or m.lane = @lane::smallint)
                        and (@provider::text is null or m.provider = @provider::text)
                        and (@template::text is null or m.template = @template::text)
                        and (@providerMessageId::text is null or m.provider_message_id = @providerMessageId::text)
                        and (@wanted::text is null or m.status = @wanted::text)
                    order by m.id desc
                    limit @limit
                ) found
                order by found.id desc
                limit @limit
            ) x
            left join lateral (select j.id, j.state, j.run_at, j.failures from jobs j where j.channel = x.channel and j.id = x.id limit 1) j on true
            order by x.id desc
            """;

        // Down to here every run was looked at; null: to its end.
        public const string LookedUntil = """
            select last.id
            from unnest(@runs::uuid[]) r(id)
            cross join lateral (
                select m.id from messages m where m.campaign_run_id = r.id and m.id >= @from and m.id < @below order by m.id desc offset @skip limit 1
            ) last
            order by last.id desc
            limit 1
            """;
    }
}
