using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// The books as they stand, and what did not add up when they were last checked.
internal sealed record BalanceSheet(
    long Accepted, IReadOnlyDictionary<string, long> States, DateTimeOffset? CheckedAt, int Unchecked, IReadOnlyList<OpenAlert> Alerts)
{
    public long Difference => Accepted - States.Values.Sum();
}

internal sealed class OpenAlert
{
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    public required string Detail { get; init; }
}

internal sealed class Balance(NpgsqlDataSource db)
{
    private sealed record Row(string Status, long Accepted, long Count);

    private sealed record Check(DateTimeOffset? CheckedAt, int Unchecked);

    /// When the rows were last counted again; what did not add up then is an alert. Costs nothing: for whoever asks every few seconds.
    public async Task<DateTimeOffset?> LastCheckAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var check = await connection.QuerySingleAsync<Check>(new CommandDefinition(Sql.LastCheck, cancellationToken: ct));
        return check.CheckedAt;
    }

    public async Task<BalanceSheet> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.States, cancellationToken: ct))).AsList();
        var check = await connection.QuerySingleAsync<Check>(new CommandDefinition(Sql.LastCheck, cancellationToken: ct));
        var alerts = await connection.QueryAsync<OpenAlert>(new CommandDefinition(Sql.Alerts, cancellationToken: ct));
        return new BalanceSheet(
            rows.Sum(row => row.Accepted), rows.ToDictionary(row => row.Status, row => row.Count),
            check.CheckedAt, check.Unchecked, alerts.AsList());
    }

    internal static class Sql
    {
        public const string States = """
            select s.status, coalesce(sum(b.accepted), 0)::bigint as accepted, coalesce(sum(b.count), 0)::bigint as count
            from unnest(array['queued', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'expired', 'cancelled']) with ordinality as s(status, place)
            left join (
                select status, accepted, count from message_counts
                union all
                select status, accepted, count from message_count_deltas
            ) as b using (status)
            group by s.status, s.place
            order by s.place
            """;

        public const string LastCheck = """
            select nullif(completed_at, 'epoch') as checked_at, (select count(*)::integer from balance_buckets where checked_at is null) as unchecked from balance_checks
            """;

        public const string Alerts = """
            select kind, key, first_seen, last_seen, detail::text as detail
            from alerts
            where cleared_at is null and kind in ('counter_drift', 'queued_without_job', 'job_without_message', 'accepted_not_accounted_for')
            order by first_seen
            limit 100
            """;
    }
}
