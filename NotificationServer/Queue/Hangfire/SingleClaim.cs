using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Takes exactly one message's job, under the same lease and fence as the claims of the server's own engine: nodes of either
/// build may work beside each other on one database.
internal sealed class SingleClaim(NpgsqlDataSource db, NodeIdentity node, IOptions<QueueOptions> options)
{
    /// Null: it is not due, it is somebody else's, or it has ended.
    public async Task<Job?> TryAsync(Guid message)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        // Not cancellable: a claim given up half way may have been granted.
        var claimed = await connection.QueryAsync<string, JobClaims.Row, Job>(
            new CommandDefinition(Sql.Claim, new { message, node = node.Name, lease = options.Value.Lease }, cancellationToken: CancellationToken.None),
            (channel, row) => row.ToJob(channel, started));
        return claimed.SingleOrDefault();
    }

    internal static class Sql
    {
        // The message says which partition its job is in.
        public const string Claim = """
            update jobs j
            set state = 1, attempt = j.attempt + 1, leased_by = @node, leased_at = now(), lease_until = now() + @lease::interval
            from messages m
            where m.id = @message::uuid and j.channel = m.channel and j.id = m.id and j.kind = 1 and j.state = 0 and j.run_at <= now()
            returning j.channel, j.id, j.lane, j.attempt, j.failures, j.unknowns, j.first_failed_at, j.expires_at, j.leased_at, j.run_at
            """;
    }
}
