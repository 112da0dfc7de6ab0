using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

internal enum RequeueStatus
{
    Requeued,
    UnknownMessage,
    /// It is on its way, or it ended in another way than failing.
    NotFailed,
    /// A provider accepted it: sending it again would be a duplicate.
    AcceptedBefore,
}

/// Puts failed messages back into their queue: with failures, crashes and unknowns forgotten, but on from the attempt that
/// ended them, so that whoever still holds an old attempt stays fenced off.
internal sealed class Requeue(NpgsqlDataSource db, Wakeups wakeups)
{
    internal readonly record struct Batch(int Requeued, int Refused);

    private sealed record Row(string Status, string Channel, bool Accepted);

    public async Task<RequeueStatus> RequeueAsync(Guid message, string reason, string actor, string? provider, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locked before it is looked at: of two operators at once the second sees what the first did.
        var found = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Sql.Find, new { id = message }, cancellationToken: ct));
        if (found is null) return RequeueStatus.UnknownMessage;
        if (found.Accepted) return RequeueStatus.AcceptedBefore;
        if (found.Status != MessageStatus.Failed.Name()) return RequeueStatus.NotFailed;

        await MoveAsync(connection, [message], failedBefore: null, new Decider(actor, reason, null, provider), ct);
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "message.requeue", $"message:{message:N}") 
        {
            After = provider is null ? null : new() { ["provider"] = provider }, Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        wakeups.Wake(found.Channel);
        return RequeueStatus.Requeued;
    }

    internal sealed record Decider(string Actor, string Reason, Guid? Operation, string? Provider = null);

    /// In the caller's transaction. Of messages that are not failed any more, or failed again since, nothing is done or counted.
    internal static Task<Batch> MoveAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> messages, DateTimeOffset? failedBefore, Decider decider, CancellationToken ct) =>
        connection.QuerySingleAsync<Batch>(new CommandDefinition(Sql.Move, new
        {
            ids = messages.ToArray(),
            failedBefore,
            decider.Actor,
            decider.Reason,
            decider.Operation,
            decider.Provider,
        }, cancellationToken: ct));

    internal static class Sql
    {
        public const string Find = """
            select m.status, m.channel,
                exists (select from attempts a where a.message_id = m.id and a.outcome = 'accepted')
                    and not exists (select from receipts r where r.message_id = m.id and r.kind = 'failed') as accepted
            from messages m
            where m.id = @id
            for update
            """;

        // The rows are locked in one order, so that two operators wait for each other one way round; whoever comes second finds
        // the message queued, and leaves it. A success that is being written at this moment finds the new job and closes it.
        public const string Move = """
            with failed as materialized (
                select m.id, m.channel, m.lane, m.expires_at, coalesce(d.last_attempt, 0) as last_attempt, m.reason, m.pinned_provider,
                    jsonb_strip_nulls(to_jsonb(d)) as letter
                from messages m
                left join dead_letters d on d.message_id = m.id
                where m.id = any(@ids::uuid[]) and m.status = 'failed'
                    and (@failedBefore::timestamptz is null or d.failed_at <= @failedBefore::timestamptz)
                order by m.id
                for update of m
            ), tried as materialized (
                -- What was accepted is not sent again, unless whoever accepted it said later that it never arrived.
                select f.id, max(a.attempt) as attempt, coalesce(bool_or(a.outcome = 'accepted'), false)
                    and not exists (select from receipts r where r.message_id = f.id and r.kind = 'failed') as accepted
                from failed f
                left join attempts a on a.message_id = f.id
                group by f.id
            ), moved as (
                update messages m
                set status = 'queued', reason = null, pinned_provider = @Provider::text, updated_at = now()
                from tried t
                where m.id = t.id and m.status = 'failed' and not t.accepted
                returning m.id
            ), waiting as (
                insert into jobs (channel, id, lane, run_at, expires_at, attempt)
                select f.channel, f.id, f.lane, now(), f.expires_at, greatest(f.last_attempt, t.attempt, 0)
                from moved
                join failed f on f.id = moved.id
                join tried t on t.id = moved.id
            ), kept as (
                -- So that it can be taken back. One message alone is cancelled instead.
                insert into former_letters (operation_id, message_id, attempt, reason, pinned_provider, letter)
                select @Operation::uuid, f.id, greatest(f.last_attempt, t.attempt, 0), f.reason, f.pinned_provider, f.letter
                from moved
                join failed f on f.id = moved.id
                join tried t on t.id = moved.id
                where @Operation::uuid is not null
            ), closed as (
                delete from dead_letters d using moved where d.message_id = moved.id
            ), noted as (
                insert into decisions (message_id, decision, actor, reason, operation_id)
                select id, 'requeued', @Actor::text, @Reason::text, @Operation::uuid from moved
            )
            select (select count(*) from moved)::integer as requeued, (select count(*) from tried where accepted)::integer as refused
            """;
    }
}
