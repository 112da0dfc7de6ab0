using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Puts a group of failures out of sight. The next failure of its kind opens it again, in the statement that writes it.
internal sealed class FailureGroups(NpgsqlDataSource db)
{
    /// False: there is no such group, or it is out of sight already.
    public Task<bool> MuteAsync(string fingerprint, string reason, string actor, CancellationToken ct) =>
        MoveAsync(Sql.Mute, "failure.mute", fingerprint, reason, actor, ct);

    public Task<bool> OpenAsync(string fingerprint, string actor, CancellationToken ct) => MoveAsync(Sql.Open, "failure.open", fingerprint, null, actor, ct);

    private async Task<bool> MoveAsync(string sql, string action, string fingerprint, string? reason, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(sql, new { fingerprint, reason, actor }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, action, $"failure:{fingerprint}") { Reason = reason }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    internal static class Sql
    {
        public const string Mute = """
            update failure_groups
            set state = 'muted', muted_by = @actor, muted_at = now(), mute_reason = @reason
            where fingerprint = @fingerprint and state = 'open'
            """;

        public const string Open = """
            update failure_groups set state = 'open' where fingerprint = @fingerprint and state = 'muted'
            """;
    }
}
