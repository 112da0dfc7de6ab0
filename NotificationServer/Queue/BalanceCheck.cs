using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Something that does not add up, with the ids that show it (the first few).
internal sealed record Difference(string Kind, string Key, long Expected, long Found, IReadOnlyList<Guid> Messages);

/// Counts the rows again and compares them with the books. Each comparison is one statement and thus one moment, and counts
/// are written in the transaction of what they count: while everything is right no difference is ever seen, however much is under way.
internal sealed class BalanceCheck(NpgsqlDataSource db)
{
    public const string CounterDrift = "counter_drift";
    public const string QueuedWithoutJob = "queued_without_job";
    public const string JobWithoutMessage = "job_without_message";
    public const string Unbalanced = "accepted_not_accounted_for";

    private const int BucketsAtATime = 200;
    /// The sweep shares its loop with the rescue of lost jobs, which must not wait.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private sealed record Part(DateTimeOffset Bucket, DateTimeOffset ChangedAt);

    private sealed record CountRow(DateTimeOffset Bucket, string Channel, short Lane, string Status, long Booked, long Counted)
    {
        public string Key => string.Create(CultureInfo.InvariantCulture, $"{Bucket.UtcDateTime:yyyy-MM-ddTHH:mm}Z/{Channel}/{((Lane)Lane).ToString().ToLowerInvariant()}/{Status}");
    }

    private sealed record LiveRow(string Channel, short Lane, long Queued, long Jobs);

    public async Task<IReadOnlyList<Difference>> RunAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. await TotalAsync(connection, ct), .. await LiveAsync(connection, ct), .. await RecountAsync(connection, ct)];
    }

    private static async Task<IEnumerable<Difference>> TotalAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (accepted, accounted) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(Sql.Total, cancellationToken: ct));
        return accepted == accounted ? [] : [new Difference(Unbalanced, "all", accepted, accounted, [])];
    }

    /// What is queued according to the books against the jobs there are; only if they differ are the rows searched for whose.
    private static async Task<List<Difference>> LiveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var differences = new List<Difference>();
        var unequal = (await connection.QueryAsync<LiveRow>(new CommandDefinition(Sql.Live, cancellationToken: ct))).AsList();
        foreach (var lane in unequal)
        {
            var key = $"{lane.Channel}/{((Lane)lane.Lane).ToString().ToLowerInvariant()}";
            var of = new { lane.Channel, lane.Lane };
            var jobless = await IdsAsync(connection, Sql.QueuedWithoutJob, of, ct);
            var orphans = await IdsAsync(connection, Sql.JobsWithoutMessage, of, ct);
            if (jobless.Count > 0) differences.Add(new Difference(QueuedWithoutJob, key, lane.Queued, lane.Jobs, jobless));
            if (orphans.Count > 0) differences.Add(new Difference(JobWithoutMessage, key, lane.Queued, lane.Jobs, orphans));
            // The rows agree with each other, so it is the books that do not.
            if (jobless.Count + orphans.Count == 0) differences.Add(new Difference(CounterDrift, $"{key}/queued", lane.Queued, lane.Jobs, []));
        }
        return differences;
    }

    /// The parts of the log that changed since they were counted, newest first; in what is left of the time, those counted longest ago.
    private static async Task<List<Difference>> RecountAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var differences = new List<Difference>();
        var parts = await connection.QueryAsync<Part>(new CommandDefinition(Sql.Buckets, new { most = BucketsAtATime }, cancellationToken: ct));
        foreach (var part in parts)
        {
            if (Stopwatch.GetElapsedTime(started) > Budget) break;
            var rows = (await connection.QueryAsync<CountRow>(new CommandDefinition(Sql.Recount, part, cancellationToken: ct))).AsList();
            differences.AddRange(rows.Select(row => new Difference(CounterDrift, row.Key, row.Booked, row.Counted, [])));
            // What differs is looked at again each time, until it does not.
            if (rows.Count == 0) await connection.ExecuteAsync(new CommandDefinition(Sql.Checked, part, cancellationToken: ct));
        }
        return differences;
    }

    private static async Task<IReadOnlyList<Guid>> IdsAsync(NpgsqlConnection connection, string sql, object of, CancellationToken ct) =>
        (await connection.QueryAsync<Guid>(new CommandDefinition(sql, of, cancellationToken: ct))).AsList();

    internal static class Sql
    {
        public const string Total = """
            select coalesce(sum(accepted), 0)::bigint, coalesce(sum(count) filter (where status <> 'dead'), 0)::bigint
            from (select accepted, count, status from message_counts union all select accepted, count, status from message_count_deltas) as books
            """;

        public const string Live = """
            select channel, lane, coalesce(q.queued, 0)::bigint as queued, coalesce(j.jobs, 0)::bigint as jobs
            from (
                select channel, lane, sum(count) as queued
                from (
                    select channel, lane, count from message_counts where status = 'queued' and count <> 0
                    union all
                    select channel, lane, count from message_count_deltas where status = 'queued'
                ) as books
                group by channel, lane
            ) as q
            full join (select channel, lane, count(*) as jobs from jobs group by channel, lane) as j using (channel, lane)
            where coalesce(q.queued, 0) <> coalesce(j.jobs, 0)
            """;

        // Walks the parts of the log that have something queued, by the books: not the history.
        public const string QueuedWithoutJob = """
            select m.id
            from (
                select distinct bucket from message_counts where status = 'queued' and count <> 0 and channel = @Channel and lane = @Lane
                union
                select bucket from message_count_deltas
            ) as b
            join messages m on m.id >= uuid_from(b.bucket - interval '1 minute') and m.id < uuid_from(b.bucket + interval '11 minutes')
            where m.status = 'queued' and m.channel = @Channel and m.lane = @Lane
                and not exists (select from jobs j where j.channel = m.channel and j.id = m.id)
            limit 20
            """;

        public const string JobsWithoutMessage = """
            select j.id
            from jobs j
            where j.channel = @Channel and j.lane = @Lane
                and not exists (select from messages m where m.id = j.id and m.status = 'queued')
            limit 20
            """;

        public const string Buckets = """
            select bucket, changed_at
            from balance_buckets
            where checked_at is null
                -- What retention dropped cannot be counted again; its books are closed.
                or to_regclass(to_char(bucket at time zone 'UTC', '"messages_"YYYYMMDD')) is not null
            order by checked_at nulls first, bucket desc
            limit @most
            """;

        // An id is made in the moment of created_at; the margin is for those that were not.
        public const string Recount = """
            with counted as (
                select channel, lane, status, count(*) as count
                from messages
                where id >= uuid_from(@Bucket::timestamptz - interval '1 minute') and id < uuid_from(@Bucket::timestamptz + interval '11 minutes')
                    and created_at >= @Bucket::timestamptz and created_at < @Bucket::timestamptz + interval '10 minutes'
                group by channel, lane, status
            ), booked as (
                select channel, lane, status, sum(count) as count
                from (
                    select channel, lane, status, count from message_counts where bucket = @Bucket::timestamptz
                    union all
                    select channel, lane, status, count from message_count_deltas where bucket = @Bucket::timestamptz
                ) as books
                group by channel, lane, status
            )
            select @Bucket::timestamptz as bucket, channel, lane, status,
                coalesce(b.count, 0)::bigint as booked, coalesce(c.count, 0)::bigint as counted
            from counted c
            full join booked b using (channel, lane, status)
            where coalesce(b.count, 0) <> coalesce(c.count, 0)
            """;

        // What was changed meanwhile is counted again.
        public const string Checked = """
            update balance_buckets set checked_at = now() where bucket = @Bucket::timestamptz and changed_at = @ChangedAt
            """;
    }
}
