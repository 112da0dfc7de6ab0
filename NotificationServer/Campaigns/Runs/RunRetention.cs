using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Who was meant by a run leaves with what was said to them; the figures stay for as long as others do.
internal sealed class RunRetention(NpgsqlDataSource db, IOptions<RetentionOptions> options) : ISweep
{
    private const int BatchSize = 5000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var people = await connection.ExecuteAsync(
            new CommandDefinition(Sql.ForgetPeople, new { keep = options.Value.Messages, batch = BatchSize }, cancellationToken: ct));
        var figures = await connection.ExecuteAsync(
            new CommandDefinition(Sql.ForgetFigures, new { keep = options.Value.Statistics, batch = BatchSize }, cancellationToken: ct));
        var locales = await connection.ExecuteAsync(
            new CommandDefinition(Sql.ForgetLocales, new { keep = options.Value.Statistics, batch = BatchSize }, cancellationToken: ct));
        return people == BatchSize || figures == BatchSize || locales == BatchSize;
    }

    internal static class Sql
    {
        public const string ForgetPeople = """
            delete from campaign_recipients c
            using (
                select p.run_id, p.user_id
                from campaign_runs r
                cross join lateral (select run_id, user_id from campaign_recipients where run_id = r.id limit @batch) p
                where r.ended_at < now() - @keep::interval
                limit @batch
            ) old
            where c.run_id = old.run_id and c.user_id = old.user_id
            """;

        public const string ForgetFigures = """
            delete from campaign_counts
            where ctid = any(array(
                select c.ctid from campaign_runs r join campaign_counts c on c.run_id = r.id
                where r.ended_at < now() - @keep::interval limit @batch for update of c skip locked))
            """;

        public const string ForgetLocales = """
            delete from campaign_locale_counts
            where ctid = any(array(
                select c.ctid from campaign_runs r join campaign_locale_counts c on c.run_id = r.id
                where r.ended_at < now() - @keep::interval limit @batch for update of c skip locked))
            """;
    }
}
