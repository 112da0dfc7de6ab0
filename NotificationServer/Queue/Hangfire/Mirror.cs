using Dapper;
using Hangfire;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Tells Hangfire what became of messages without it: cancelled, expired, quarantined, discarded, put back; and finds what
/// Hangfire lost. What it does not find this time, it finds the next.
internal sealed class Mirror(NpgsqlDataSource db, IBackgroundJobClient client, MessageStates states, PublishedJobs published, IOptions<HangfireOptions> options) : ISweep
{
    private const int BatchSize = 500;

    internal sealed record Row(Guid MessageId, long HangfireId, string StateName);

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var different = await FindAsync(ct);
        var now = (await states.ReadAsync([.. different.Select(row => row.MessageId)], ct)).ToDictionary(state => state.Id);
        var changed = 0;
        foreach (var row in different)
        {
            var state = now.GetValueOrDefault(row.MessageId) ?? new MessageState { Id = row.MessageId, Now = default };
            await published.MarkAsync(row.MessageId, state.IsFailed);
            // Only from the state that was seen: what has moved on meanwhile is somebody's who knows better.
            if (client.ChangeState($"{row.HangfireId}", state.ToHangfire(), row.StateName)) changed++;
        }
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, cancellationToken: ct));
        return different.Count == BatchSize && changed > 0;
    }

    private async Task<IReadOnlyList<Row>> FindAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Row>(
            new CommandDefinition(Sql.Different, new { overdue = options.Value.Overdue, batch = BatchSize }, cancellationToken: ct))];
    }

    internal static class Sql
    {
        public const string Different = """
            select h.message_id, h.hangfire_id, q.statename as state_name
            from hangfire_jobs h
            join hangfire.job q on q.id = h.hangfire_id
            left join jobs j on j.channel = h.channel and j.id = h.message_id
            where case
                -- It ended. A worker that has it at this moment says so itself; the final states are Forget's.
                when j.id is null then q.statename in ('Enqueued', 'Scheduled')
                    or (q.statename = 'Failed' and not exists (select from dead_letters d where d.message_id = h.message_id))
                -- It is held, or merely not due: nothing to say.
                when j.state <> 0 or j.run_at > now() - @overdue::interval then false
                -- It was put back, or became due sooner than Hangfire was told, or Hangfire let go of it.
                else not exists (select from hangfire.jobqueue w where w.jobid = q.id)
            end
            limit @batch
            """;

        // The Hangfire jobs of ended messages are kept by Hangfire for a day; nobody here needs to find them again. A job that Hangfire
        // has removed is made anew, if its message still waits.
        public const string Forget = """
            delete from hangfire_jobs h
            where not exists (select from hangfire.job q where q.id = h.hangfire_id and q.statename not in ('Succeeded', 'Deleted'))
                and (not exists (select from jobs j where j.channel = h.channel and j.id = h.message_id)
                    or not exists (select from hangfire.job q where q.id = h.hangfire_id))
            """;
    }
}
