using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Closes the books of days whose messages are gone: their ten-minute parts become one, so that what was ever accepted still equals what
/// became of it, and the books do not grow for ever.
internal sealed class BookClosing(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The roll-up writes the same rows.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(CountRollup.Sql.TakeTurn, cancellationToken: ct))) return false;
        var closed = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Close, new { keep = options.Value.Messages }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return closed > 0;
    }

    internal static class Sql
    {
        // A day at a time. One of which a message is left (a dead letter, a clock that was wrong) stays open with all its parts, for they can be
        // counted again; the minute is for ids that were made just beside their day.
        public const string Close = """
            with day as materialized (
                select d.day
                from generate_series(
                    (select date_trunc('day', min(bucket), 'UTC') from message_counts where bucket > 'epoch'),
                    date_trunc('day', now() - @keep::interval, 'UTC') - interval '1 day', interval '1 day') as d(day)
                where not exists (
                    select from messages m
                    where m.id >= uuid_from(d.day - interval '1 minute') and m.id < uuid_from(d.day + interval '1 day' + interval '1 minute'))
                    and exists (select from message_counts c where c.bucket >= d.day and c.bucket < d.day + interval '1 day')
                order by d.day
                limit 1
            ), closed as (
                delete from message_counts c
                using day
                where c.bucket >= day.day and c.bucket < day.day + interval '1 day'
                returning c.channel, c.lane, c.status, c.accepted, c.count
            ), kept as (
                insert into message_counts as c (bucket, channel, lane, status, accepted, count)
                select 'epoch', channel, lane, status, sum(accepted), sum(count)
                from closed
                group by channel, lane, status
                on conflict (bucket, channel, lane, status) do update
                set accepted = c.accepted + excluded.accepted, count = c.count + excluded.count
            ), counted as (
                delete from balance_buckets b
                using day
                where b.bucket >= day.day and b.bucket < day.day + interval '1 day'
            )
            select count(*)::integer from closed
            """;
    }
}
