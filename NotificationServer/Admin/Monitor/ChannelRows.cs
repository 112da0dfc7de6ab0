using Dapper;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Admin.Monitor;

/// Looks into one channel's queue: for how long things have waited, and what has waited longest.
internal sealed class ChannelRows(NpgsqlDataSource db)
{
    private const int SampleSize = 10_000;
    private const int Few = 10;

    private static readonly string[] Steps = ["under 1 s", "1 to 10 s", "10 s to 1 min", "1 to 10 min", "10 min to 1 h", "1 to 6 h", "over 6 h"];

    internal sealed record Wait(string Step, long Count);

    internal sealed record Oldest
    {
        public required Guid Id { get; init; }
        public required Lane Lane { get; init; }
        public required DateTimeOffset RunAt { get; init; }
        public required int Attempt { get; init; }
        public required int Failures { get; init; }
        public string? Template { get; init; }
        public string? ErrorCode { get; init; }
    }

    /// Of all that is ready now; where that is more than ten thousand, of a sample of about as many.
    public async Task<IReadOnlyList<Wait>> WaitsAsync(string channel, long live, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var percent = live <= SampleSize ? 100.0 : 100.0 * SampleSize / live;
        var counts = (await connection.QueryAsync<(int Step, long Count)>(new CommandDefinition(Sql.Waits, new { channel, percent, most = SampleSize }, cancellationToken: ct)))
            .ToDictionary(row => row.Step, row => row.Count);
        return [.. Steps.Select((step, n) => new Wait(step, counts.GetValueOrDefault(n)))];
    }

    public async Task<IReadOnlyList<Oldest>> OldestAsync(string channel, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Oldest>(new CommandDefinition(Sql.Oldest, new { channel, few = Few }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        public const string Waits = """
            select width_bucket(extract(epoch from now() - run_at)::double precision, array[1, 10, 60, 600, 3600, 21600]::double precision[]) as step, count(*)
            from (
                select run_at
                from jobs tablesample system (@percent::real)
                where channel = @channel and state = 0 and run_at <= now()
                limit @most
            ) as sample
            group by 1
            """;

        // The head of each lane's index, and of those the oldest.
        public const string Oldest = """
            with oldest as materialized (
                select head.*
                from (values (0::smallint), (1::smallint), (2::smallint)) as lanes(lane)
                cross join lateral (
                    select id, lane, run_at, attempt, failures
                    from jobs j
                    where j.channel = @channel and j.state = 0 and j.lane = lanes.lane and j.run_at <= now()
                    order by j.run_at
                    limit @few
                ) as head
                order by head.run_at
                limit @few
            )
            select o.id, o.lane, o.run_at, o.attempt, o.failures, m.template, m.error_code
            from oldest o
            left join messages m on m.id = o.id
            order by o.run_at
            """;
    }
}
