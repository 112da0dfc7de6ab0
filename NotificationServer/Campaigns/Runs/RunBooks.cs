using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// What is known of a run's messages at this moment, as far as its next step goes by it.
internal sealed class RunBooks
{
    public required long Queued { get; init; }
    /// Failed or bounced.
    public required long Failed { get; init; }
    /// Taken by a provider, or failed for good.
    public required long Answered { get; init; }

    public static Task<RunBooks> ReadAsync(NpgsqlConnection connection, Run run, CancellationToken ct) =>
        connection.QuerySingleAsync<RunBooks>(new CommandDefinition(Sql.Read, new { run.Id }, cancellationToken: ct));

    internal static class Sql
    {
        public const string Read = """
            select coalesce(sum(count) filter (where metric = 'queued'), 0)::bigint as queued,
                coalesce(sum(count) filter (where metric in ('failed', 'bounced')), 0)::bigint as failed,
                coalesce(sum(count) filter (where metric in ('taken', 'failed')), 0)::bigint as answered
            from campaign_books
            where run_id = @Id
            """;
    }
}
