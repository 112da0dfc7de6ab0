using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Short links leave with the day of their message, figures when nobody wants to compare with them any more. Both are looked up by
/// something else than a day, so that they leave by rows.
internal sealed class TrackingRetention(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    private const int BatchSize = 5000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var links = await connection.ExecuteAsync(
            new CommandDefinition(Sql.ForgetLinks, new { keep = options.Value.Receipts, batch = BatchSize }, cancellationToken: ct));
        var figures = await connection.ExecuteAsync(
            new CommandDefinition(Sql.ForgetFigures, new { keep = options.Value.Statistics, batch = BatchSize }, cancellationToken: ct));
        return links == BatchSize || figures == BatchSize;
    }

    internal static class Sql
    {
        public const string ForgetLinks = """
            delete from short_links
            where token = any(array(
                select token from short_links where message_id < uuid_from(now() - @keep::interval) order by message_id limit @batch for update skip locked))
            """;

        public const string ForgetFigures = """
            delete from message_stats
            where ctid = any(array(
                select ctid from message_stats where day < (now() - @keep::interval)::date order by day limit @batch for update skip locked))
            """;
    }
}
