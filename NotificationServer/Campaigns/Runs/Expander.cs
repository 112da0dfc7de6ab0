using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Platform.Clocks;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Makes the messages of a part of a run, a batch at a time. A batch is one transaction that holds the part: no two nodes work on the same
/// people, and of a node that dies nothing remains but what it committed, progress included. The next goes on there.
internal sealed class Expander(NpgsqlDataSource db, BatchMaker maker, QueueSignal signal, IntakeTraffic traffic, IOptions<RunOptions> options)
{
    public static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(5);

    /// One batch of the run that has waited longest; false if there is none to make now.
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var runs = (await connection.QueryAsync<Ready>(new CommandDefinition(Sql.Ready, cancellationToken: ct))).AsList();
        foreach (var ready in runs)
            if (await StepAsync(connection, ready, ct)) return true;
        return false;
    }

    private async Task<bool> StepAsync(NpgsqlConnection connection, Ready ready, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // At a pace there is one batch at a time, or two nodes would go twice as fast.
        if (ready.IsPaced && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.TakeRun, new { ready.Id }, cancellationToken: ct))) return false;
        var part = await connection.QuerySingleOrDefaultAsync<Part>(new CommandDefinition(Sql.TakePart, new { ready.Id }, cancellationToken: ct));
        if (part is null) return false;
        var run = await connection.QuerySingleAsync<Run>(new CommandDefinition(Sql.Read, new { ready.Id }, cancellationToken: ct));

        if (OpeningOf(run, part) is { } opens)
        {
            await connection.ExecuteAsync(new CommandDefinition(run.IsLocal ? Sql.DelayWave : Sql.DelayRun, new { ready.Id, part.Wave, opens }, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            return true;
        }
        // A commit waits for the disk with all that was written before it: beside those who wait for an answer it is a small one.
        var most = traffic.IsComing ? Math.Min(options.Value.BatchSize, options.Value.BatchSizeBesidePosts) : options.Value.BatchSize;
        var size = run.Throttle is { } perMinute ? Math.Clamp(perMinute / 60, 1, most) : most;
        var users = (await connection.QueryAsync<string>(new CommandDefinition(
            part.Wave > 0 ? Sql.PeopleOfWave : Sql.People, new { ready.Id, part.Wave, part.Reached, part.Upto, size }, cancellationToken: ct))).AsList();
        var made = users.Count == 0 ? null : await maker.MakeAsync(connection, run, part.Variant, users, ct);
        if (made?.Problem is { } problem)
        {
            await transaction.RollbackAsync(ct);
            return await RunPause.ByServerAsync(connection, run.Id, problem, ct);
        }
        if (made?.IsFull == true)
        {
            await connection.ExecuteAsync(new CommandDefinition(Sql.DelayRun, new { ready.Id, opens = run.Now + WhenFull }, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            return true;
        }
        var isMine = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Progress, new
        {
            ready.Id,
            part.Number,
            part.Wave,
            reached = users.Count > 0 ? users[^1] : part.Reached,
            ended = users.Count < size,
            people = users.Count,
            addressed = made?.Addressed ?? 0,
            messages = made?.Messages ?? 0,
            reasons = made?.Excluded.Keys.ToArray() ?? [],
            counts = made?.Excluded.Values.Select(count => (long)count).ToArray() ?? [],
        }, cancellationToken: ct));
        // Somebody said stop while this batch was made: then it was not made.
        if (!isMine) return false;
        FailPoints.Pass("mid_campaign_batch");
        // Dies the process before this line, nothing of the batch happened.
        await transaction.CommitAsync(ct);
        if (made is not null) signal.Tell(made.Queues);
        return true;
    }

    /// Null: it may be made now.
    private static DateTimeOffset? OpeningOf(Run run, Part part)
    {
        if (run.Plan.SendWindow is not { } window) return null;
        var zone = run.IsLocal && LocalTimes.IsZone(part.TimeZone) ? part.TimeZone : run.Plan.Schedule.TimeZone;
        var opens = SendWindows.NextOpening(window.Days.ToArray(), window.From, window.To, zone, run.Now);
        return opens > run.Now ? opens : null;
    }

    private sealed record Ready(Guid Id, bool IsPaced);

    private sealed class Part
    {
        public required int Number { get; init; }
        public required short Wave { get; init; }
        public required string Reached { get; init; }
        public required string Upto { get; init; }
        public string? TimeZone { get; init; }
        public short? Variant { get; init; }
    }

    internal static class Sql
    {
        // The rest of a test's audience waits for what it says.
        private const string IsDue = "w.due_at <= now() and (w.variant is not null or r.winner is not null or r.plan -> 'ab_test' is null)";

        /// Adds what kept people from being reached to what is known of it.
        public const string Excluded = """
            excluded = case when cardinality(@reasons::text[]) = 0 then excluded else (
                select jsonb_object_agg(reason, count)
                from (
                    select reason, sum(count) as count
                    from (
                        select key as reason, value::bigint as count from jsonb_each_text(r.excluded)
                        union all
                        select * from unnest(@reasons::text[], @counts::bigint[])
                    ) as both_of(reason, count)
                    group by reason
                ) as summed) end
            """;

        public const string Ready = $"""
            select r.id, r.throttle is not null as is_paced
            from campaign_runs r
            where r.phase = 'sending' and r.paused_at is null and r.ending is null and r.next_at <= now() and (r.expires_at is null or r.expires_at > now())
                and exists (
                    select from campaign_parts p join campaign_waves w on w.run_id = p.run_id and w.wave = p.wave
                    where p.run_id = r.id and {IsDue})
            order by r.next_at
            """;

        public const string TakeRun = """
            select true from campaign_runs where id = @Id and phase = 'sending' and next_at <= now() for update skip locked
            """;

        public const string TakePart = $"""
            select p.part as number, p.wave, p.reached, p.upto, w.time_zone, w.variant
            from campaign_parts p
            join campaign_waves w on w.run_id = p.run_id and w.wave = p.wave
            join campaign_runs r on r.id = p.run_id
            where p.run_id = @Id and {IsDue}
            order by w.due_at, p.part
            limit 1
            for update of p skip locked
            """;

        public const string Read = $"select {Run.Sql.Columns} from campaign_runs r where r.id = @Id";

        public const string People = """
            select user_id from campaign_recipients
            where run_id = @Id and user_id > @Reached and user_id <= @Upto and wave = @Wave
            order by user_id limit @size
            """;

        public const string PeopleOfWave = """
            select user_id from campaign_recipients
            where run_id = @Id and wave = @Wave and wave > 0 and user_id > @Reached and user_id <= @Upto
            order by user_id limit @size
            """;

        public const string DelayRun = "update campaign_runs set next_at = @opens where id = @Id";

        public const string DelayWave = "update campaign_waves set due_at = @opens where run_id = @Id and wave = @Wave";

        // The run's own row comes last and is held for the commit only: parts that are made side by side hardly wait for each other.
        // Late steps are not made up for: after a pause it goes on at its pace, not in a burst.
        public const string Progress = $"""
            with moved as (
                update campaign_parts set reached = @reached where run_id = @Id and part = @Number and not @ended
            ), done as (
                delete from campaign_parts where run_id = @Id and part = @Number and @ended
            )
            update campaign_runs r
            set expanded = expanded + @people, addressed = addressed + @addressed, messages = messages + @messages, wave = @Wave, reached = @reached,
                {Excluded},
                next_at = case when throttle is null then now()
                    else greatest(next_at, now() - interval '1 second') + make_interval(secs => @people::integer * 60 / throttle::double precision) end,
                updated_at = now()
            where id = @Id and phase = 'sending' and paused_at is null and ending is null
            returning true
            """;
    }
}
