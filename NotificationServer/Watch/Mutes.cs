using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Watch;

/// Somebody does not want to be told. Key empty: of the whole kind.
internal sealed class Mute
{
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required string Reason { get; init; }
    public required string MutedBy { get; init; }
}

/// Alerts that nobody is told of for a while, for a reason. They are raised, shown and cleared all the same.
internal sealed class Mutes(NpgsqlDataSource db)
{
    public async Task<IReadOnlyList<Mute>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Mute>(new CommandDefinition(Sql.Read, cancellationToken: ct))).AsList();
    }

    public async Task MuteAsync(string kind, string key, TimeSpan time, string reason, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Mute, new { kind, key, time, reason, actor }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "alert.mute", Target(kind, key)) { Reason = reason, After = new() { ["for_seconds"] = time.TotalSeconds } }, ct);
        await transaction.CommitAsync(ct);
    }

    /// False: it was not muted, or not any more.
    public async Task<bool> UnmuteAsync(string kind, string key, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Unmute, new { kind, key }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "alert.unmute", Target(kind, key)), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static string Target(string kind, string key) => key.Length == 0 ? $"alert:{kind}" : $"alert:{kind}:{key}";

    internal static class Sql
    {
        public const string Read = "select kind, key, until, reason, muted_by from alert_mutes where until > now() order by until";

        public const string Mute = """
            insert into alert_mutes (kind, key, until, reason, muted_by)
            values (@kind, @key, now() + @time::interval, @reason, @actor)
            on conflict (kind, key) do update
            set until = excluded.until, reason = excluded.reason, muted_by = excluded.muted_by, muted_at = now()
            """;

        public const string Unmute = "delete from alert_mutes where kind = @kind and key = @key";
    }
}
