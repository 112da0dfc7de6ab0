using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Does a batch of a running operation at a time. A batch is one transaction that holds the operation's row: no two nodes work
/// on the same one, and of a node that dies nothing remains but what it committed, progress included. The next goes on there.
internal sealed class OperationRunner(NpgsqlDataSource db, RetryDelay random, TimeProvider clock, ILogger<OperationRunner> log)
    : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (!await StepAsync(stoppingToken)) await Task.Delay(random.Between(Idle * 0.5, Idle), clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        try
        {
            return await RunOnceAsync(ct);
        }
        catch (NpgsqlException e)
        {
            Log.OperationInterrupted(log, e);
            return false;
        }
    }

    /// One batch of the operation that has waited longest; false if none is due.
    internal async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = await connection.QuerySingleOrDefaultAsync<Due>(new CommandDefinition(Sql.Due, cancellationToken: ct));
        if (due is null) return false;

        var size = due.BatchSize;
        var ids = (await connection.QueryAsync<Guid>(new CommandDefinition(
            due.Undoes is null ? Sql.Next : Undo.Sql.Next, new { due.Filter, due.CreatedAt, due.Reached, due.Undoes, size }, cancellationToken: ct))).AsList();
        var (done, refused) = await DealAsync(connection, due, ids, ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Progress, new
        {
            due.Id,
            done,
            refused,
            skipped = ids.Count - done - refused,
            reached = ids.Count > 0 ? ids[^1] : due.Reached,
            ended = ids.Count < size || ids.Count == due.Left,
        }, cancellationToken: ct));
        // Dies the process before this line, nothing of the batch happened.
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task<(int Done, int Refused)> DealAsync(NpgsqlConnection connection, Due due, List<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return (0, 0);
        if (due.Undoes is { } undone)
            return (await Undo.MoveAsync(connection, undone, ids, new Requeue.Decider(due.RequestedBy, due.Reason, due.Id), ct), 0);
        if (due.Type == Operation.NameOf(OperationType.Requeue))
        {
            var batch = await Requeue.MoveAsync(connection, ids, due.CreatedAt, new Requeue.Decider(due.RequestedBy, due.Reason, due.Id, due.Provider), ct);
            return (batch.Requeued, batch.Refused);
        }
        var discarded = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Discard, new
        {
            ids,
            due.CreatedAt,
            due.RequestedBy,
            due.Reason,
            due.Id,
        }, cancellationToken: ct));
        return (discarded, 0);
    }

    private sealed class Due
    {
        public required Guid Id { get; init; }
        public required string Type { get; init; }
        public required string Filter { get; init; }
        public required Guid Reached { get; init; }
        /// How many it may still look at.
        public required int Left { get; init; }
        public int? Rate { get; init; }
        public required string Reason { get; init; }
        public required string RequestedBy { get; init; }
        public string? Provider { get; init; }
        public Guid? Undoes { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }

        /// A rate is kept in steps of a quarter of a second: small enough to be even, large enough to be sets.
        public int BatchSize => Math.Min(Left, Math.Min(OperationRunner.BatchSize, Rate is { } rate ? Math.Max(1, rate / 4) : OperationRunner.BatchSize));
    }

    internal static class Sql
    {
        public const string Due = """
            select id, type, filter::text as filter, reached, most - done - refused - skipped as left, rate, reason, requested_by, created_at, provider, undoes
            from operations
            where status = 'running' and next_at <= now()
            order by next_at
            limit 1
            for update skip locked
            """;

        public const string Next = """
            select id from matching_dead_letters(@Filter::jsonb, @CreatedAt::timestamptz, @Reached::uuid, @size::integer) as id
            """;

        // In one order, as the requeue does it.
        public const string Discard = """
            with closing as materialized (
                select d.message_id, d.last_attempt, jsonb_strip_nulls(to_jsonb(d)) as letter
                from dead_letters d
                where d.message_id = any(@ids::uuid[]) and d.failed_at <= @CreatedAt::timestamptz
                order by d.message_id
                for update
            ), closed as (
                delete from dead_letters d using closing where d.message_id = closing.message_id
                returning d.message_id
            ), kept as (
                insert into former_letters (operation_id, message_id, attempt, letter)
                select @Id::uuid, c.message_id, c.last_attempt, c.letter
                from closing c
                join closed on closed.message_id = c.message_id
            ), noted as (
                insert into decisions (message_id, decision, actor, reason, operation_id)
                select message_id, 'discarded', @RequestedBy::text, @Reason::text, @Id::uuid from closed
            )
            select count(*)::integer from closed
            """;

        // Late steps are not made up for: after a pause it goes on at its rate, not in a burst.
        public const string Progress = """
            update operations
            set done = done + @done, refused = refused + @refused, skipped = skipped + @skipped, reached = @reached, updated_at = now(),
                next_at = case when rate is null then now()
                    else greatest(next_at, now() - interval '1 second') + make_interval(secs => (@done::integer + @refused::integer + @skipped::integer) / rate::double precision) end,
                status = case when @ended then 'completed' else status end,
                finished_at = case when @ended then now() else finished_at end
            where id = @Id
            """;
    }
}
