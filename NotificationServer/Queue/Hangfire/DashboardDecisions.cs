using Dapper;
using Hangfire.States;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// What a person does at Hangfire's dashboard is done to the message, by the same code as at our own desk, and the job gets the
/// state that follows from it.
internal sealed class DashboardDecisions(
    NpgsqlDataSource db, Requeue requeue, Cancellation cancellation, Operations operations, MessageStates states, PublishedJobs published, IHttpContextAccessor http)
{
    private const string Why = "Decided in Hangfire's dashboard.";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(5);

    /// Hangfire does not tell a filter who wants a state. Its workers and schedulers and this server's loops answer no request.
    public bool IsAtWork => http.HttpContext is not null;

    private string Actor => http.HttpContext?.User.Identity?.Name ?? "hangfire";

    /// Hangfire's filters know no async.
    public IState Decide(Guid message, IState wanted) => wanted switch
    {
        EnqueuedState => EnqueueAsync(message).GetAwaiter().GetResult(),
        DeletedState => DeleteAsync(message).GetAwaiter().GetResult(),
        _ => wanted,
    };

    private async Task<IState> EnqueueAsync(Guid message)
    {
        var state = await states.ReadAsync(message);
        if (state.IsFailed && await requeue.RequeueAsync(message, Why, Actor, null, CancellationToken.None) == RequeueStatus.AcceptedBefore)
            return new FailedState(new NotSent(state)) { Reason = "Not requeued: a provider accepted it before, so that sending it again would be a duplicate." };
        if (state.IsFailed) await published.MarkAsync(message, failed: false);
        if (state.Waits && state.RunAt > state.Now) await ExecuteAsync(Sql.MakeDue, message, "message.send_now");
        return (await states.ReadAsync(message)).ToHangfire();
    }

    private async Task<IState> DeleteAsync(Guid message)
    {
        var state = await states.ReadAsync(message);
        if (state.Waits) await cancellation.CancelAsync([message], CancellationToken.None);
        if (state.IsFailed) await DiscardAsync(message);
        return (await states.ReadAsync(message)).ToHangfire();
    }

    /// As at our own desk: an operation, which can be undone. It is under way within a second; where it takes longer, the mirror
    /// brings the job's state along.
    private async Task DiscardAsync(Guid message)
    {
        await operations.StartAsync(
            new OperationRequest(OperationType.Discard, new DeadLetterFilter { Ids = [message] }, Why, Actor) { Most = 1 }, CancellationToken.None);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Look)
        {
            if (await states.ReadAsync(message) is { IsFailed: false })
            {
                await published.MarkAsync(message, failed: false);
                return;
            }
            await Task.Delay(Look);
        }
    }

    private async Task ExecuteAsync(string sql, Guid message, string action)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            ids = new[] { message },
        }, cancellationToken: CancellationToken.None));
        await AuditLog.AppendAsync(connection, new AuditEntry(Actor, action, $"message:{message:N}") { Reason = Why }, CancellationToken.None);
        await transaction.CommitAsync();
    }

    internal static class Sql
    {
        public const string MakeDue = """
            update jobs j
            set run_at = now()
            from messages m
            where m.id = any(@ids::uuid[]) and j.channel = m.channel and j.id = m.id and j.state = 0 and j.run_at > now()
            """;
    }
}
