using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Brings a run to its early end: nobody is dealt with any more, what is not sent is taken back if somebody wanted that, and what is under
/// way is waited for. In the transaction of whoever holds the run.
internal static class Withdrawal
{
    private const int BatchSize = 2000;

    /// From here on no batch of it is committed.
    public static Task BeginAsync(NpgsqlConnection connection, Run run, string ending, string? problem, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Sql.Begin, new { run.Id, ending, problem }, cancellationToken: ct));

    /// True: there is more to do at once.
    public static async Task<bool> StepAsync(NpgsqlConnection connection, Run run, CancellationToken ct)
    {
        // A part that is held is of a batch that will find that it is too late; it is taken the next time.
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.DropParts, new { run.Id }, cancellationToken: ct))) return true;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Withdraw, new { run.Id }, cancellationToken: ct));
        if (run.Ending == RunEnd.Cancelled && await TakeBackAsync(connection, run, ct)) return true;
        if ((await RunBooks.ReadAsync(connection, run, ct)).Queued > 0) return false;
        await RunEnd.WriteAsync(connection, run, run.Ending!, run.Problem, ct); // whoever calls this knows that it has one
        return false;
    }

    /// One batch on from the last, and from the beginning again when all were looked at: what was being sent may have come back since.
    private static async Task<bool> TakeBackAsync(NpgsqlConnection connection, Run run, CancellationToken ct)
    {
        var batch = await connection.QuerySingleAsync<Batch>(new CommandDefinition(Sql.TakeBack, new
        {
            run.Id, run.WithdrawnTo, size = BatchSize, from = PrefixedId.SmallestAt(run.StartedAt - TimeSpan.FromHours(1)),
            reason = run.Problem is null ? "The campaign was cancelled." : $"The campaign was cancelled: {run.Problem}",
        }, cancellationToken: ct));
        var more = batch.Looked == BatchSize;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Reached, new { run.Id, reached = more ? batch.Last : Guid.Empty }, cancellationToken: ct));
        return more;
    }

    private sealed record Batch(int Looked, Guid? Last);

    internal static class Sql
    {
        public const string Begin = """
            update campaign_runs
            set ending = @ending, problem = coalesce(@problem, problem), paused_at = null, paused_by = null, pause_reason = null, updated_at = now()
            where id = @Id and ending is null
            """;

        public const string DropParts = """
            with free as materialized (
                select part from campaign_parts where run_id = @Id for update skip locked
            ), dropped as (
                delete from campaign_parts p using free where p.run_id = @Id and p.part = free.part returning p.part
            )
            select (select count(*) from campaign_parts where run_id = @Id) > (select count(*) from dropped)
            """;

        public const string Withdraw = "update campaign_runs set withdrawn = audience - expanded where id = @Id and withdrawn <> audience - expanded";

        // Jobs before messages, as whoever writes results does it. What is leased is being sent, and is let be.
        public const string TakeBack = """
            with batch as materialized (
                select m.id, m.channel, m.status from messages m
                where m.campaign_run_id = @Id and m.id > @WithdrawnTo and m.id >= @from
                order by m.id limit @size
            ), ended as (
                delete from jobs j using batch b where b.status = 'queued' and j.channel = b.channel and j.id = b.id and j.state = 0 returning j.id
            ), told as (
                update messages m
                set status = 'cancelled', reason = @reason, updated_at = now()
                from ended
                where m.id = ended.id and m.id >= @from and m.status = 'queued'
            )
            select (select count(*) from batch)::integer as looked, (select id from batch order by id desc limit 1) as last
            """;

        public const string Reached = "update campaign_runs set withdrawn_to = @reached where id = @Id";
    }
}
