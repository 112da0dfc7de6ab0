using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// What came into a lane and what left it in one step of time; what failed is among what left.
internal sealed record FlowPoint(DateTimeOffset At, string Channel, Lane Lane, long Came, long Went, long Failed);

/// How the queues moved, from counters: never from the messages.
internal sealed class FlowHistory(NpgsqlDataSource db)
{
    /// By minute, the sixty that are over and the one that is not. A minute in which nothing moved has no point.
    public Task<IReadOnlyList<FlowPoint>> LastHourAsync(CancellationToken ct) => ReadAsync(Sql.Hour, null, ct);

    /// By hour.
    public Task<IReadOnlyList<FlowPoint>> LastWeekAsync(string channel, CancellationToken ct) => ReadAsync(Sql.Week, new { channel }, ct);

    private async Task<IReadOnlyList<FlowPoint>> ReadAsync(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: ct))).Select(row => row.ToPoint()).ToList();
    }

    private sealed record Row
    {
        public required DateTimeOffset At { get; init; }
        public required string Channel { get; init; }
        public required Lane Lane { get; init; }
        public required long Came { get; init; }
        public required long Went { get; init; }
        public required long Failed { get; init; }

        public FlowPoint ToPoint() => new(At, Channel, Lane, Came, Went, Failed);
    }

    internal static class Sql
    {
        // What is folded, and what is not yet: together they are this moment.
        public const string Hour = """
            select date_trunc('minute', at) as at, channel, lane, sum(came)::bigint as came, sum(went)::bigint as went, sum(failed)::bigint as failed
            from (
                select at, channel, lane, came, went, failed
                from queue_flow
                where at >= date_trunc('minute', now()) - interval '60 minutes'
                union all
                select at, channel, lane,
                    case status when 'queued' then greatest(count, 0) else 0 end,
                    case status when 'queued' then greatest(-count, 0) else 0 end,
                    case status when 'failed' then greatest(count, 0) else 0 end
                from message_count_deltas
                where status in ('queued', 'failed') and at >= date_trunc('minute', now()) - interval '60 minutes'
            ) as moved
            group by 1, 2, 3
            order by 1
            """;

        public const string Week = """
            select date_trunc('hour', at) as at, channel, lane, sum(came)::bigint as came, sum(went)::bigint as went, sum(failed)::bigint as failed
            from queue_history
            where at >= date_trunc('hour', now()) - interval '7 days' and channel = @channel
            group by 1, 2, 3
            order by 1
            """;
    }
}
