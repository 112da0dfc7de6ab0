using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Takes back what has not been started. The answer is exact: a message counted as cancelled will never be sent.
internal sealed class Cancellation(NpgsqlDataSource db)
{
    internal readonly record struct Result(int Cancelled, int TooLate);

    public async Task<Result> CancelAsync(IReadOnlyList<Guid> messages, CancellationToken ct)
    {
        if (messages.Count == 0) return default;
        await using var connection = await db.OpenConnectionAsync(ct);
        var range = IdRange.SiblingsOf(messages);
        var cancelled = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Sql.Cancel, new { ids = messages, range.From, range.Below }, cancellationToken: ct));
        return new Result(cancelled, messages.Count - cancelled);
    }

    /// One message, by somebody who says why. False: it is being sent, or has ended.
    public async Task<bool> CancelAsync(Guid message, string reason, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.CancelOne, new { id = message, reason, actor }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "message.cancel", $"message:{message:N}") { Reason = reason }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    internal static class Sql
    {
        public const string CancelOne = """
            with ended as (
                delete from jobs j using messages m where m.id = @id and j.channel = m.channel and j.id = m.id and j.state = 0 returning j.id
            ), told as (
                update messages m
                set status = 'cancelled', reason = 'Cancelled by an operator: ' || @reason::text, updated_at = now()
                from ended
                where m.id = ended.id and m.id = @id and m.status = 'queued'
                returning m.id
            ), noted as (
                insert into decisions (message_id, decision, actor, reason) select id, 'cancelled', @actor::text, @reason::text from told
            )
            select count(*)::integer from ended
            """;


        // A leased job is skipped by its state; one that is being claimed at this moment is waited for, and then it is leased.
        public const string Cancel = """
            with ended as (
                delete from jobs where id = any(@ids::uuid[]) and state = 0 returning id
            ), told as (
                update messages m
                set status = 'cancelled', reason = 'Cancelled by the client.', updated_at = now()
                from ended
                where m.id = ended.id and m.id >= @from and m.id < @below and m.status = 'queued'
            )
            select count(*)::integer from ended
            """;
    }
}
