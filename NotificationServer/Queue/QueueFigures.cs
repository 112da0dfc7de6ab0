using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// A lane of a channel at a glance. Ready and scheduled are exact up to ten thousand each; above, where both are that many,
/// they are estimated from a sample and say so. Everything else is exact.
internal sealed class LaneFigures
{
    public required string Channel { get; init; }
    public required Lane Lane { get; init; }
    public required long Ready { get; init; }
    public required long Scheduled { get; init; }
    public required long Leased { get; init; }
    /// Of those that are ready or scheduled, how many failed before; counted up to ten thousand.
    public required long Retrying { get; init; }
    public required long Failed { get; init; }
    public double? OldestReadySeconds { get; init; }
    /// Messages a second over the last minute.
    public required double RateIn { get; init; }
    public required double RateOut { get; init; }
    public required bool Estimated { get; init; }
}

internal sealed class QueueFigures(NpgsqlDataSource db)
{
    private const int Countable = 10_000;

    public async Task<IReadOnlyList<LaneFigures>> ReadAsync(IReadOnlyList<string> channels, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<LaneFigures>(
            new CommandDefinition(Sql.Lanes, new { channels, countable = Countable }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        // The backlog is the sum of the books; of the queue itself at most so many index entries a lane are looked at. Where one of
        // ready and scheduled could be counted, the other is what remains.
        // The orders are not for their own sake: without them the planner, who does not know the lane, reads the whole table for the first few.
        public const string Lanes = """
            with books as materialized (
                select channel, lane, status, sum(count) as count
                from (
                    select channel, lane, status, count from message_counts where status in ('queued', 'dead') and count <> 0
                    union all
                    select channel, lane, status, count from message_count_deltas where status in ('queued', 'dead')
                ) as b
                group by channel, lane, status
            ), flow as materialized (
                select channel, lane, sum(came) / 60.0 as rate_in, sum(went) / 60.0 as rate_out
                from (
                    select channel, lane, came, went from queue_flow where at >= now() - interval '60 seconds'
                    union all
                    select channel, lane, greatest(count, 0), greatest(-count, 0)
                    from message_count_deltas
                    where status = 'queued' and at >= now() - interval '60 seconds'
                ) as f
                group by channel, lane
            ), leased as materialized (
                select channel, lane, count(*) as count from jobs where state = 1 group by channel, lane
            ), lanes as (
                select c.channel, l.lane, coalesce(q.count, 0) as live, coalesce(h.count, 0) as leased, coalesce(d.count, 0) as failed,
                    coalesce(f.rate_in, 0) as rate_in, coalesce(f.rate_out, 0) as rate_out
                from unnest(@channels::text[]) with ordinality as c(channel, place)
                cross join (values (0::smallint), (1::smallint), (2::smallint)) as l(lane)
                left join books q on q.channel = c.channel and q.lane = l.lane and q.status = 'queued'
                left join books d on d.channel = c.channel and d.lane = l.lane and d.status = 'dead'
                left join leased h on h.channel = c.channel and h.lane = l.lane
                left join flow f on f.channel = c.channel and f.lane = l.lane
                order by c.place, l.lane
            ), counted as (
                select lanes.*, greatest(live - leased, 0) as waiting, due.count as due, later.count as later, again.count as retrying, oldest.seconds,
                    due.count >= @countable::integer and later.count >= @countable::integer as estimated
                from lanes
                cross join lateral (
                    select count(*) as count
                    from (select from jobs j where j.channel = lanes.channel and j.state = 0 and j.lane = lanes.lane and j.run_at <= now()
                        order by j.run_at limit case when live = 0 then 0 else @countable::integer end) as few
                ) as due
                cross join lateral (
                    select count(*) as count
                    from (select from jobs j where j.channel = lanes.channel and j.state = 0 and j.lane = lanes.lane and j.run_at > now()
                        order by j.run_at limit case when live = 0 then 0 else @countable::integer end) as few
                ) as later
                cross join lateral (
                    select count(*) as count
                    from (select from jobs j where j.channel = lanes.channel and j.state = 0 and j.lane = lanes.lane and j.failures > 0
                        order by j.run_at limit case when live = 0 then 0 else @countable::integer end) as few
                ) as again
                left join lateral (
                    select extract(epoch from now() - j.run_at)::double precision as seconds
                    from jobs j
                    where j.channel = lanes.channel and j.state = 0 and j.lane = lanes.lane and j.run_at <= now()
                    order by j.run_at
                    limit 1
                ) as oldest on true
            )
            select channel, lane, leased, retrying, failed, rate_in::double precision, rate_out::double precision, seconds as oldest_ready_seconds, estimated,
                case when due < @countable::integer then due when estimated then waiting - s.sampled else greatest(waiting - later, due) end::bigint as ready,
                case when later < @countable::integer then later when estimated then s.sampled else greatest(waiting - due, later) end::bigint as scheduled
            from counted
            left join lateral (
                select (coalesce(avg((j.run_at > now())::integer), 0.5) * waiting)::bigint as sampled
                from jobs j tablesample system (5)
                where estimated and j.channel = counted.channel and j.lane = counted.lane and j.state = 0
            ) as s on true
            """;
    }
}
