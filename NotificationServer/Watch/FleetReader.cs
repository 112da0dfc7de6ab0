using Dapper;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Watch;

/// Reads the state of the whole system, from counters, heads of indexes and small tables.
internal sealed class FleetReader(
    NpgsqlDataSource db, QueueFigures figures, GateStore gates, ProviderAccounts accounts, NodeList nodes, AlertList alerts, Switches switches, InstanceStore instance)
{
    /// So many days are looked for ahead; a week of them is made.
    public const int DaysAhead = 5;

    private static readonly string[] Channels = [.. ChannelNames.All.Select(channel => channel.Name())];

    private sealed record Sums(DateTimeOffset Now, double BooksAge, double OldestTransaction, long Quarantined, long WebhooksWaiting);

    public async Task<Fleet> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var sums = await connection.QuerySingleAsync<Sums>(new CommandDefinition(Sql.Sums, cancellationToken: ct));
        var lately = await connection.QueryAsync<Lately>(new CommandDefinition(Sql.Lately, cancellationToken: ct));
        var missing = await connection.QueryAsync<MissingDay>(new CommandDefinition(Sql.Missing, new { ahead = DaysAhead }, cancellationToken: ct));
        return new Fleet
        {
            Now = sums.Now,
            Lanes = await figures.ReadAsync(Channels, ct),
            Lately = lately.AsList(),
            // Nobody probes an account that is switched off or gone: its breaker would stay open for good. A node that does not know them yet shows all.
            Gates = [.. (await gates.ReadAsync(ct)).Rows.Values.Where(gate => !accounts.IsRead || accounts.Find(gate.Account) is { Enabled: true })],
            Nodes = await nodes.ReadAsync(ct),
            Alerts = await alerts.KindsAsync(ct),
            Missing = missing.AsList(),
            Held = [.. switches.Held.Where(one => one is { Kind: SwitchKind.Channel, Mode: SwitchMode.Paused }).Select(one => one.Name)],
            BooksAge = sums.BooksAge,
            OldestTransaction = sums.OldestTransaction,
            Sending = await instance.HeldAsync(ct),
            Quarantined = sums.Quarantined,
            WebhooksWaiting = sums.WebhooksWaiting,
        };
    }

    internal static class Sql
    {
        // A database that was never checked is as old as its schema. A check counts when it came to its end, not when somebody took it on.
        public const string Sums = """
            select now() as now,
                (select extract(epoch from now() - greatest(completed_at, (select max(applied_at) from schema_migrations)))::double precision from balance_checks) as books_age,
                coalesce((
                    select extract(epoch from now() - min(xact_start))::double precision
                    from pg_stat_activity
                    where datname = current_database() and backend_type = 'client backend' and xact_start is not null), 0) as oldest_transaction,
                (select count(*) from (
                    select from dead_letters where failed_at > now() - interval '1 hour' and quarantined limit 10001) as few) as quarantined,
                (select count(*) from (select from webhook_jobs limit 10001) as few) as webhooks_waiting
            """;

        // What is folded, and what is not yet.
        public const string Lately = """
            select channel, coalesce(sum(went), 0)::bigint as ended, coalesce(sum(failed), 0)::bigint as failed,
                coalesce(sum(failed) filter (where at >= now() - interval '5 minutes'), 0)::bigint as failed_now
            from (
                select at, channel, went, failed
                from queue_flow
                where at >= now() - interval '15 minutes'
                union all
                select at, channel,
                    case status when 'queued' then greatest(-count, 0) else 0 end,
                    case status when 'failed' then greatest(count, 0) else 0 end
                from message_count_deltas
                where status in ('queued', 'failed') and at >= now() - interval '15 minutes'
            ) as moved
            group by channel
            """;

        // Every log that has a table a day has a default one.
        public const string Missing = """
            select log.relname as log, day.day as day, day.ahead
            from pg_class log
            join pg_partitioned_table p on p.partrelid = log.oid
            cross join lateral (
                select ahead, (date_trunc('day', now(), 'UTC') at time zone 'UTC')::timestamp + make_interval(days => ahead) as day from generate_series(0, @ahead::integer) as ahead
            ) as day
            where log.relnamespace = (select relnamespace from pg_class where oid = 'notifications'::regclass)
                and exists (select from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = log.oid and c.relname ~ ('^' || log.relname || '_[0-9]{8}$'))
                and to_regclass(quote_ident(log.relname || '_' || to_char(day.day, 'YYYYMMDD'))) is null
            order by log.relname, day.ahead
            """;
    }
}
