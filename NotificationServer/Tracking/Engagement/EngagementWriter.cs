using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Receipts;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tracking.Engagement;

/// Stores what people did, many at a time. However many sources tell of it how often, a message counts once for each kind, and for the
/// surest of those who say so; the triggers keep the figures in the same transaction.
internal sealed class EngagementWriter(IOptions<EngagementOptions> options, IOptions<RetentionOptions> retention)
{
    /// In the caller's transaction, if there is one. Channel: only messages of it; null: of any. What is about no message that is still
    /// kept is left out: its day is over, and so is its story.
    public Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<Sign> signs, string? channel, CancellationToken ct)
    {
        var rows = signs.GroupBy(sign => (sign.Message, sign.Kind, sign.By, sign.Source, Url: sign.Url ?? "", sign.ProvesOpen)).ToList();
        return connection.ExecuteAsync(new CommandDefinition(Sql.Write, new
        {
            channel,
            keep = retention.Value.Receipts,
            tooSoon = options.Value.TooSoon,
            burst = options.Value.Burst,
            messages = rows.ConvertAll(row => row.Key.Message).ToArray(),
            kinds = rows.ConvertAll(row => Sign.NameOf(row.Key.Kind)).ToArray(),
            whom = rows.ConvertAll(row => row.Key.By.Name()).ToArray(),
            sources = rows.ConvertAll(row => row.Key.Source).ToArray(),
            keys = rows.ConvertAll(row => KeyOf(row.Key.Url)).ToArray(),
            urls = rows.ConvertAll(row => row.Key.Url).ToArray(),
            firsts = rows.ConvertAll(row => row.Min(sign => sign.At)).ToArray(),
            lasts = rows.ConvertAll(row => row.Max(sign => sign.At)).ToArray(),
            counts = rows.ConvertAll(row => row.Count()).ToArray(),
            proofs = rows.ConvertAll(row => row.Key.ProvesOpen).ToArray(),
        }, cancellationToken: ct));
    }

    private static long KeyOf(string url) => url.Length == 0 ? 0 : BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(url)), 0);

    internal static class Sql
    {
        // One order of rows in both tables: two who write about the same message wait for each other instead of crosswise.
        public const string Write = """
            with come as materialized (
                select *
                from unnest(
                    @messages::uuid[], @kinds::text[], @whom::text[], @sources::text[], @keys::bigint[], @urls::text[],
                    @firsts::timestamptz[], @lasts::timestamptz[], @counts::integer[], @proofs::boolean[])
                as c(message_id, kind, by_whom, source, url_key, url, first_at, last_at, count, proves_open)
            ), known as materialized (
                select id, channel, created_at, sent_at, case when not sandbox then client_id end as client_id,
                    coalesce(template, '') as template, coalesce(template_version, 0) as template_version, coalesce(provider, '') as provider,
                    campaign_run_id
                from messages
                where id = any(@messages::uuid[]) and id >= uuid_from(now() - @keep::interval)
                    and (@channel::text is null or channel = @channel::text)
                    -- What an erased person still does is nobody's business.
                    and address is distinct from 'erased'
            ), judged as materialized (
                select c.message_id, c.kind, c.source, c.url_key, c.url, c.first_at, c.last_at, c.count, c.proves_open,
                    case when c.kind = 'clicked' and c.source = 'own' and (
                        (c.first_at < k.sent_at + @tooSoon::interval
                            and not exists (select from come o where o.message_id = c.message_id and o.kind = 'opened' and o.by_whom = 'human' and o.first_at <= c.first_at)
                            and not exists (select from engagements o where o.message_id = c.message_id and o.kind = 'opened' and o.by_whom = 'human' and o.first_at <= c.first_at))
                        -- Another link of the same message, at the same time: the rest of this burst was written a moment ago.
                        or exists (select from engagements o where o.message_id = c.message_id and o.kind = 'clicked' and o.source = 'own' and o.url_key <> c.url_key
                            and o.last_at > c.first_at - @burst::interval and o.last_at < c.last_at + @burst::interval))
                        then 'machine' else c.by_whom end as by_whom
                from come c
                join known k on k.id = c.message_id
            ), signs as materialized (
                select message_id, kind, by_whom, source, url_key, min(url) as url, min(first_at) as first_at, max(last_at) as last_at, sum(count)::integer as count
                from (
                    select message_id, kind, by_whom, source, url_key, url, first_at, last_at, count from judged
                    union all
                    select message_id, 'opened', by_whom, 'click', 0, '', first_at, last_at, 1 from judged where proves_open and by_whom = 'human'
                ) as s
                group by message_id, kind, by_whom, source, url_key
            ), stored as (
                insert into engagements as e (message_id, kind, by_whom, source, url_key, url, first_at, last_at, count)
                select message_id, kind, by_whom, source, url_key, url, first_at, last_at, case source when 'click' then 1 else count end
                from signs
                order by message_id, kind, by_whom, source, url_key
                on conflict (message_id, kind, by_whom, source, url_key) do update
                set first_at = least(e.first_at, excluded.first_at), last_at = greatest(e.last_at, excluded.last_at),
                    count = case e.source when 'click' then 1 else e.count + excluded.count end
            )
            insert into engaged as e (message_id, kind, by_whom, at, day, client_id, template, template_version, channel, provider, campaign_run_id)
            select distinct on (s.message_id, s.kind) s.message_id, s.kind, s.by_whom, s.first_at,
                (k.created_at at time zone 'UTC')::date, k.client_id, k.template, k.template_version, k.channel, k.provider, k.campaign_run_id
            from signs s
            join known k on k.id = s.message_id
            order by s.message_id, s.kind, array_position(array['human', 'unknown', 'machine'], s.by_whom), s.first_at
            on conflict (message_id, kind) do update
            set by_whom = excluded.by_whom, at = excluded.at
            where array_position(array['human', 'unknown', 'machine'], excluded.by_whom) < array_position(array['human', 'unknown', 'machine'], e.by_whom)
            """;
    }
}
