using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Delivery.Gates;

/// Opens an account's breaker by hand, to see that its traffic goes elsewhere and comes back; and closes one by hand.
internal sealed class Drill(NpgsqlDataSource db)
{
    public Task TripAsync(string account, TimeSpan time, string reason, string actor, CancellationToken ct) =>
        MoveAsync(Sql.Trip, new { account, time, reason = $"drill: {reason}" }, new AuditEntry(actor, "provider.trip", $"provider:{account}")
        {
            After = new() { ["for_seconds"] = time.TotalSeconds }, Reason = reason,
        }, ct);

    public Task ResetAsync(string account, string? reason, string actor, CancellationToken ct) =>
        MoveAsync(Sql.Reset, new { account }, new AuditEntry(actor, "provider.reset", $"provider:{account}") { Reason = reason }, ct);

    private async Task MoveAsync(string sql, object parameters, AuditEntry entry, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, entry, ct);
        await transaction.CommitAsync(ct);
    }

    internal static class Sql
    {
        // Whatever it was before; a probe that is under way finds its right gone, and what it reports moves nothing.
        public const string Trip = """
            insert into provider_gates as g (account, breaker, reason, opened_at, open_until, times_opened)
            values (@account, 'open', @reason, now(), now() + @time::interval, 1)
            on conflict (account) do update
            set breaker = 'open', reason = excluded.reason, opened_at = now(), open_until = excluded.open_until, times_opened = 1,
                probe_holder = null, probe_until = null, updated_at = now()
            """;

        public const string Reset = """
            update provider_gates
            set breaker = 'closed', reason = null, opened_at = null, open_until = null, times_opened = 0, not_before = null,
                probe_holder = null, probe_until = null, updated_at = now()
            where account = @account
            """;
    }
}
