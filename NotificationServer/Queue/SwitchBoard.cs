using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Holds queues and accounts and lets them run again. Every node obeys within two seconds; this one at once.
internal sealed class SwitchBoard(NpgsqlDataSource db, Switches switches)
{
    public async Task<QueueSwitch> HoldAsync(
        SwitchKind kind, string name, SwitchMode mode, string reason, DateTimeOffset? until, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await FindAsync(connection, kind, name, ct);
        var row = await connection.QuerySingleAsync<Switches.Row>(new CommandDefinition(
            Sql.Hold, new { kind = kind.Word(), name, mode = mode.Word(), reason, until, actor }, cancellationToken: ct));
        var verb = mode == SwitchMode.Paused ? "pause" : "drain";
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, $"{kind.Word()}.{verb}", $"{kind.Word()}:{name}")
        {
            Before = State(before),
            After = State(row),
            Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        await switches.RefreshAsync(ct);
        return row.ToSwitch();
    }

    /// What runs already stays so; it is not written down as a change then.
    public async Task ResumeAsync(SwitchKind kind, string name, string? reason, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await connection.QuerySingleOrDefaultAsync<Switches.Row>(
            new CommandDefinition(Sql.Resume, new { kind = kind.Word(), name }, cancellationToken: ct));
        if (before is not null)
            await AuditLog.AppendAsync(connection, new AuditEntry(actor, $"{kind.Word()}.resume", $"{kind.Word()}:{name}")
            {
                Before = State(before),
                Reason = reason,
            }, ct);
        await transaction.CommitAsync(ct);
        await switches.RefreshAsync(ct);
    }

    private static Task<Switches.Row?> FindAsync(NpgsqlConnection connection, SwitchKind kind, string name, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<Switches.Row>(
            new CommandDefinition(Sql.Find, new { kind = kind.Word(), name }, cancellationToken: ct));

    private static Dictionary<string, object?>? State(Switches.Row? row) => row is null ? null : new()
    {
        ["mode"] = row.Mode,
        ["reason"] = row.Reason,
        ["until"] = row.Until,
        ["changed_by"] = row.ChangedBy,
        ["changed_at"] = row.ChangedAt,
    };

    internal static class Sql
    {
        public const string Find = """
            select kind, name, mode, reason, until, changed_by, changed_at
            from queue_switches
            where kind = @kind and name = @name
            for update
            """;

        public const string Hold = """
            insert into queue_switches (kind, name, mode, reason, until, changed_by)
            values (@kind, @name, @mode, @reason, @until::timestamptz, @actor)
            on conflict (kind, name) do update
            set mode = excluded.mode, reason = excluded.reason, until = excluded.until, changed_by = excluded.changed_by, changed_at = now()
            returning kind, name, mode, reason, until, changed_by, changed_at
            """;

        public const string Resume = """
            delete from queue_switches
            where kind = @kind and name = @name
            returning kind, name, mode, reason, until, changed_by, changed_at
            """;
    }
}
