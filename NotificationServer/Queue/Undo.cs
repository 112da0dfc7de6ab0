using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

internal enum UndoStatus
{
    Started,
    UnknownOperation,
    /// Nothing undoes an undo: what it put back can be decided on again.
    IsAnUndo,
    UndoneBefore,
    /// What the messages were before is kept for a week.
    TooLate,
}

/// Takes back what an operation decided, as far as nothing came of it: requeued messages that nobody was called for yet are failed
/// again with the dead letter that they had, discarded ones have theirs again. It is an operation itself: done in batches, followed, audited.
internal sealed class Undo(NpgsqlDataSource db, Operations operations)
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    internal readonly record struct Answer(UndoStatus Status, Operation? Operation = null);

    private sealed record Row(string Type, string Status, int Done, Guid? UndoneBy, bool IsForgotten);

    /// Ends the operation first, if it is still at work.
    public async Task<Answer> StartAsync(Guid operation, string reason, string actor, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Waits for a batch that is under way, whose work is taken back too, and for whoever undoes it at the same moment; a statement of its
        // own, so that the next one sees what they did.
        await connection.ExecuteAsync(new CommandDefinition(Sql.Lock, new { operation }, cancellationToken: ct));
        var found = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Sql.Find, new { operation, keep = Keep }, cancellationToken: ct));
        if (found is null) return new Answer(UndoStatus.UnknownOperation);
        if (found.Type == Operation.NameOf(OperationType.Undo)) return new Answer(UndoStatus.IsAnUndo);
        if (found.UndoneBy is not null) return new Answer(UndoStatus.UndoneBefore, await operations.FindAsync(found.UndoneBy.Value, ct));
        if (found.IsForgotten) return new Answer(UndoStatus.TooLate);

        await connection.ExecuteAsync(new CommandDefinition(Sql.Start, new { id, operation, reason, actor }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "operation.undo", $"operation:{operation:N}")
        {
            Before = new() { ["type"] = found.Type, ["status"] = found.Status, ["done"] = found.Done },
            After = new() { ["undone_by"] = $"op_{id:N}" },
            Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return new Answer(UndoStatus.Started, await operations.FindAsync(id, ct));
    }

    /// How many would go back now, counted up to <paramref name="most"/>.
    public async Task<int> CountAsync(Operation operation, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var sql = operation.Type == Operation.NameOf(OperationType.Requeue) ? Sql.CountRequeued : Sql.CountDiscarded;
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(sql, new { operation = operation.Id, most }, cancellationToken: ct));
    }

    /// In the caller's transaction; how many went back.
    internal static async Task<int> MoveAsync(NpgsqlConnection connection, Guid operation, IReadOnlyCollection<Guid> ids, Requeue.Decider decider, CancellationToken ct)
    {
        // Jobs before messages, as whoever writes results does; and as a statement of its own: what the next one sees was committed before
        // these rows were ours, so that no attempt on any of them escapes it.
        var locked = (await connection.QueryAsync<Guid>(new CommandDefinition(Sql.LockWaiting, new { ids }, cancellationToken: ct))).AsList();
        var parameters = new { operation, ids, locked, decider.Actor, decider.Reason, by = decider.Operation };
        var failedAgain = locked.Count == 0 ? 0 : await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.FailAgain, parameters, cancellationToken: ct));
        return failedAgain + await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.OpenAgain, parameters, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Lock = "select from operations where id = @operation for update";

        public const string Find = """
            select o.type, o.status, o.done, (select u.id from operations u where u.undoes = o.id) as undone_by,
                coalesce(o.finished_at < now() - @keep::interval, false) as is_forgotten
            from operations o
            where o.id = @operation
            """;

        public const string Start = """
            with stopped as (
                update operations set status = 'cancelled', updated_at = now(), finished_at = now() where id = @operation and status = 'running'
            )
            insert into operations (id, type, status, filter, total, most, reason, requested_by, undoes)
            select @id, 'undo', 'running', '{}', done, done, @reason, @actor, id from operations where id = @operation
            """;

        public const string Next = """
            select message_id from former_letters where operation_id = @Undoes and message_id > @Reached order by message_id limit @size
            """;

        // Looked up one by one: joined, the planner takes "queued" for rare, and reads the whole log to find it.
        public const string CountRequeued = """
            select count(*)::integer
            from (
                select
                from former_letters f
                cross join lateral (select m.channel from messages m where m.id = f.message_id and m.status = 'queued' limit 1) m
                cross join lateral (select from jobs j where j.channel = m.channel and j.id = f.message_id and j.state = 0 limit 1) j
                where f.operation_id = @operation
                    and not exists (select from attempts a where a.message_id = f.message_id and a.attempt > f.attempt)
                limit @most
            ) as few
            """;

        public const string CountDiscarded = """
            select count(*)::integer
            from (
                select
                from former_letters f
                cross join lateral (select from messages m where m.id = f.message_id and m.status = 'failed' limit 1) m
                where f.operation_id = @operation and not exists (select from dead_letters d where d.message_id = f.message_id)
                limit @most
            ) as few
            """;

        public const string LockWaiting = """
            select j.id
            from messages m
            join jobs j on j.channel = m.channel and j.id = m.id and j.id = any(@ids::uuid[])
            where m.id = any(@ids::uuid[]) and m.status = 'queued' and j.state = 0
            order by j.id
            for update of j
            """;

        // A job that was claimed and given back without a call (a closed gate, a node that stopped) may go back too: nothing has left.
        // Its attempt number goes on, so that whoever still remembers that claim stays fenced off.
        public const string FailAgain = """
            with put as materialized (
                select f.message_id as id, f.reason, f.pinned_provider, f.letter, j.channel, j.attempt
                from former_letters f
                join decisions d on d.message_id = f.message_id and d.operation_id = f.operation_id and d.decision = 'requeued'
                join messages m on m.id = f.message_id and m.id = any(@locked::uuid[]) and m.status = 'queued'
                join jobs j on j.channel = m.channel and j.id = m.id and j.id = any(@locked::uuid[])
                where f.operation_id = @operation and f.message_id = any(@locked::uuid[])
                    and not exists (select from attempts a where a.message_id = f.message_id and a.attempt > f.attempt)
                    and not exists (select from decisions later where later.message_id = f.message_id and later.at > d.at)
            ), ended as (
                delete from jobs j using put p where j.channel = p.channel and j.id = p.id and j.state = 0
                returning p.id, p.reason, p.pinned_provider, p.letter, p.attempt
            ), told as (
                update messages m
                set status = 'failed', reason = e.reason, pinned_provider = e.pinned_provider, updated_at = now()
                from ended e
                where m.id = e.id and m.status = 'queued'
                returning m.id, e.letter, e.attempt
            ), dead as (
                insert into dead_letters
                select l.*
                from told t
                cross join lateral jsonb_populate_record(null::dead_letters, t.letter || jsonb_build_object('last_attempt', t.attempt)) l
                where t.letter is not null
                on conflict (message_id) do nothing
            ), noted as (
                insert into decisions (message_id, decision, actor, reason, operation_id) select id, 'undone', @Actor::text, @Reason::text, @by::uuid from told
            )
            select count(*)::integer from told
            """;

        // Whoever requeues one of them at this moment holds its message: then it is not failed any more.
        public const string OpenAgain = """
            with put as materialized (
                select f.message_id as id, f.letter
                from former_letters f
                join decisions d on d.message_id = f.message_id and d.operation_id = f.operation_id and d.decision = 'discarded'
                join messages m on m.id = f.message_id and m.id = any(@ids::uuid[]) and m.status = 'failed' and m.address is distinct from 'erased'
                where f.operation_id = @operation and f.message_id = any(@ids::uuid[])
                    and not exists (select from decisions later where later.message_id = f.message_id and later.at > d.at)
                order by m.id
                for update of m
            ), dead as (
                insert into dead_letters
                select l.*
                from put
                cross join lateral jsonb_populate_record(null::dead_letters, put.letter) l
                on conflict (message_id) do nothing
                returning message_id
            ), noted as (
                insert into decisions (message_id, decision, actor, reason, operation_id) select message_id, 'undone', @Actor::text, @Reason::text, @by::uuid from dead
            )
            select count(*)::integer from dead
            """;
    }
}
