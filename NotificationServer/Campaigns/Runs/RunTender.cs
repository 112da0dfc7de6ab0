using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Looks after the runs that are under way: takes each from phase to phase, and minds its time, its failures and its end. One step is one
/// transaction that holds the run and its campaign; making the messages is left to those who hold its parts.
internal sealed class RunTender(NpgsqlDataSource db, Gatherer gatherer, Verifier verifier, FailureWatch watch, IOptions<RunOptions> options, ILogger<RunTender> log)
{
    private const int ReleaseBatch = 5000;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(10);

    /// One step of the run that has waited longest; false if none is due.
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        Run? run = null;
        await using var connection = await db.OpenConnectionAsync(ct);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            run = await connection.QuerySingleOrDefaultAsync<Run>(new CommandDefinition(Sql.Take, cancellationToken: ct));
            if (run is null) return false;
            var wait = await StepAsync(connection, transaction, run, ct);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Tended, new { run.Id, wait }, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            return true;
        }
#pragma warning disable CA1031 // The boundary of a run: what breaks one must not keep the others waiting.
        catch (Exception e) when (run is not null && e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.RunBroke(log, run.Id, e);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Tended, new { run.Id, wait = AfterTrouble }, cancellationToken: ct));
            return true;
        }
    }

    /// For how long it can be left alone.
    private async Task<TimeSpan> StepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, CancellationToken ct)
    {
        if (run.Ending is null && run.ExpiresAt <= run.Now)
        {
            await Withdrawal.BeginAsync(connection, run, RunEnd.Expired, RunWords.Expired, ct);
            return TimeSpan.Zero;
        }
        if (run.Ending is not null) return await Withdrawal.StepAsync(connection, run, ct) ? Soon : options.Value.Tend;
        if (run.PausedAt is not null) return options.Value.Tend;
        if (run.Phase == "gathering") return await GatherAsync(connection, transaction, run, ct);

        var released = await HeldJobsOfRuns.ReleaseAsync(connection, run.Number, ReleaseBatch, ct);
        var books = await RunBooks.ReadAsync(connection, run, ct);
        if (await watch.LookAsync(connection, run, books, ct)) return options.Value.Tend;
        var rest = run.Phase switch
        {
            "sending" => RestAfter(await connection.ExecuteAsync(new CommandDefinition(Sql.Advance, new { run.Id, run.Plan.AbTest?.DecideAfter }, cancellationToken: ct)) > 0),
            "deciding" => RestAfter(await AbDecision.DecideAsync(connection, run, ct)),
            _ => await VerifyAsync(connection, transaction, run, books, ct),
        };
        return released == ReleaseBatch && rest > Soon ? Soon : rest;
    }

    private async Task<TimeSpan> GatherAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, CancellationToken ct)
    {
        if (await gatherer.StepAsync(connection, transaction, run, ct) is { } problem) await RunPause.ByServerAsync(connection, run.Id, problem, ct);
        return TimeSpan.Zero;
    }

    /// Proven first, and called done when nothing of it waits any more.
    private async Task<TimeSpan> VerifyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, RunBooks books, CancellationToken ct)
    {
        if (run.VerifiedAt is null)
        {
            var found = await verifier.StepAsync(connection, transaction, run, ct);
            if (found.IsFull) return Expander.WhenFull;
            if (found.Flaw is { } flaw) await RunEnd.WriteAsync(connection, run, RunEnd.Failed, flaw, ct);
            if (found.Problem is { } problem) await RunPause.ByServerAsync(connection, run.Id, problem, ct);
            return TimeSpan.Zero;
        }
        if (books.Queued == 0) await RunEnd.WriteAsync(connection, run, RunEnd.Completed, null, ct);
        return options.Value.Tend;
    }

    private TimeSpan RestAfter(bool isBusy) => isBusy ? TimeSpan.Zero : options.Value.Tend;

    internal static class Sql
    {
        // Never waited for: who holds one of the two rows is doing something with it.
        public const string Take = $"""
            select {Run.Sql.Columns}
            from campaign_runs r
            join campaigns c on c.id = r.campaign_id
            where r.phase <> 'ended' and r.tend_at <= now()
            order by r.tend_at
            limit 1
            for update skip locked
            """;

        public const string Tended = "update campaign_runs set tend_at = clock_timestamp() + @wait::interval where id = @Id";

        // All that could be made is made; the rest of a test's audience, if there is any, waits for what it says.
        public const string Advance = """
            update campaign_runs r
            set phase = case when exists (select from campaign_parts p where p.run_id = r.id) then 'deciding' else 'verifying' end,
                decide_at = coalesce(decide_at, now() + @DecideAfter::interval), updated_at = now()
            where id = @Id and phase = 'sending' and not exists (
                select from campaign_parts p
                join campaign_waves w on w.run_id = p.run_id and w.wave = p.wave
                where p.run_id = r.id and (w.variant is not null or r.winner is not null or r.plan -> 'ab_test' is null))
            """;
    }
}
