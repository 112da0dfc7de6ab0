using Dapper;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Delivery.Rates;

/// The one place where moments and the day's share are given out. One update of one row is all that nodes agree by.
internal sealed class RateStore(NpgsqlDataSource db)
{
    /// So much of the future may be given out: what a node that dies with it takes along, and what a late-comer waits for.
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(0.5);

    /// By PostgreSQL's clock: `Granted` moments from `FirstAt` on, each an interval after the other; none: ask again when some of
    /// the time until `NextAt` has passed, or, if the day's share is used up, after `DayEndsAt`.
    internal sealed record Grant
    {
        public required DateTimeOffset AskedAt { get; init; }
        public required DateTimeOffset FirstAt { get; init; }
        public required DateTimeOffset NextAt { get; init; }
        public required int Granted { get; init; }
        public required bool DayIsFull { get; init; }
        public required DateTimeOffset DayEndsAt { get; init; }
    }

    /// <c>unused</c>: moments of the same day that passed without a call. They are gone, but not from the day's share.
    public async Task<Grant> TakeAsync(string account, AccountLimits limits, TimeSpan? interval, int wanted, int unused, DateOnly unusedOf, CancellationToken ct)
    {
        var parameters = new
        {
            account, wanted, unused, unusedOf = Midnight(unusedOf), interval, horizon = Horizon, cap = limits.DailyCap,
            warmUpFrom = limits.WarmUp is { } plan ? Midnight(plan.From) : (DateTime?)null, firstDay = limits.WarmUp?.FirstDay, growth = limits.WarmUp?.Growth,
        };
        await using var connection = await db.OpenConnectionAsync(ct);
        while (true)
        {
            if (await connection.QuerySingleOrDefaultAsync<Grant>(new CommandDefinition(Sql.Take, parameters, cancellationToken: ct)) is { } grant) return grant;
            await connection.ExecuteAsync(new CommandDefinition(Sql.Begin, new { account }, cancellationToken: ct));
        }
    }

    /// How many calls of today have been given out, by account: of those that have a limit.
    public async Task<IReadOnlyDictionary<string, long>> TakenTodayAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(string Account, long Taken)>(new CommandDefinition(Sql.TakenToday, cancellationToken: ct)))
            .ToDictionary(row => row.Account, row => row.Taken, StringComparer.Ordinal);
    }

    private static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue);

    internal static class Sql
    {
        public const string TakenToday = "select account, taken from provider_rates where day = (now() at time zone 'utc')::date";

        public const string Begin = "insert into provider_rates (account) values (@account) on conflict do nothing";

        // A correlated sub-select, so that whoever waited for another node's update computes from what that one left. The time is
        // clock_timestamp() and taken within it, for the same reason: now() would be from before the wait.
        // next_at is never further ahead than the horizon and one interval; where it is, the database's clock was set back.
        // Past e^40 the warm-up allows more than anybody sends.
        public const string Take = """
            update provider_rates as r
            set (asked_at, first_at, next_at, day, taken, granted) = (
                select g.at, g.first_at, g.first_at + g.granted * coalesce(@interval::interval, interval '0'), g.today, g.taken + g.granted, g.granted
                from (
                    select s.at, s.today, s.taken, s.first_at,
                        greatest(0, least(
                            @wanted::integer,
                            case when @interval::interval is not null
                                then floor(extract(epoch from s.at + @horizon::interval - s.first_at) / extract(epoch from @interval::interval)) + 1 end,
                            @cap::bigint - s.taken,
                            s.allowance - s.taken))::integer as granted
                    from (
                        select c.at, c.today,
                            case when r.next_at > c.at + interval '10 seconds' then c.at else greatest(r.next_at, c.at) end as first_at,
                            case when r.day = c.today
                                then greatest(0, r.taken - case when @unusedOf::date = c.today then @unused::integer else 0 end) else 0 end as taken,
                            case when greatest(0, c.today - @warmUpFrom::date) * ln(@growth::double precision) < 40
                                then floor(@firstDay::integer * power(@growth::double precision, greatest(0, c.today - @warmUpFrom::date))) end as allowance
                        from (select n.at, (n.at at time zone 'utc')::date as today from (select clock_timestamp() as at) as n) as c
                    ) as s
                ) as g
            )
            where r.account = @account
            returning asked_at, first_at, next_at, granted,
                granted = 0 and first_at <= asked_at + @horizon::interval as day_is_full, (day + 1)::timestamp at time zone 'utc' as day_ends_at
            """;
    }
}
