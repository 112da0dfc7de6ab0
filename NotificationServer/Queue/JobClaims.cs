using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform.Restores;
using Npgsql;

namespace NotificationServer.Queue;

/// How much of a channel's free capacity one claim may take, in all and by lane. What is kept for bulk is out of reach for
/// the lanes above it, so that it never starves for ever.
internal readonly record struct LaneLimits(int Free, int Critical, int Transactional, int Bulk, int KeptForBulk)
{
    public LaneLimits AtMost(int most) => most >= Free ? this
        : new LaneLimits(most, Math.Min(most, Critical), Math.Min(most, Transactional), Math.Min(most, Bulk), KeptForBulk: 0);

    public int Most => Math.Max(Critical, Math.Max(Transactional, Bulk));

    public int Of(Lane lane) => lane switch { Lane.Critical => Critical, Lane.Transactional => Transactional, Lane.Bulk => Bulk };
}

/// Takes due jobs under a lease, and gives back what was not started. Guard: null only where no other life of the database is thinkable, as in a
/// test; it has no default, so that a server in which nobody registered it does not start instead of claiming without a fence.
internal sealed class JobClaims(NpgsqlDataSource db, NodeIdentity node, IOptions<QueueOptions> options, RestoreGuard? guard)
{
    public async Task<IReadOnlyList<Job>> ClaimAsync(string channel, LaneLimits limits, CancellationToken ct)
    {
        var fence = guard?.Fence;
        if (guard is not null && fence is null) return [];
        // Before the request leaves: whatever the answer's delay, what we believe of the lease is never longer than the truth.
        var started = Stopwatch.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Claim, new
        {
            channel,
            critical = limits.Critical,
            transactional = limits.Transactional,
            bulk = limits.Bulk,
            free = limits.Free,
            keptForBulk = limits.KeptForBulk,
            node = node.Name,
            lease = options.Value.Lease,
            instance = fence?.Instance,
            epoch = fence?.Epoch,
            witness = fence?.Witness,
            seen = fence?.Count,
        }, cancellationToken: ct));
        return rows.Select(row => row.ToJob(channel, started)).ToList();
    }

    /// Hands unstarted jobs back at once, so that a node that stops delays nothing. The attempt number stays raised (it is
    /// the fence) but nothing is counted against the message.
    public async Task<int> ReleaseAsync(IReadOnlyCollection<Job> jobs, CancellationToken ct)
    {
        if (jobs.Count == 0) return 0;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Release, new
        {
            channels = jobs.Select(job => job.Channel).ToArray(),
            ids = jobs.Select(job => job.Id).ToArray(),
            attempts = jobs.Select(job => job.Attempt).ToArray(),
        }, cancellationToken: ct));
    }

    /// Which of them are still ours, and now for a whole lease more. On the caller's connection.
    public async Task<IReadOnlySet<Guid>> RenewAsync(NpgsqlConnection connection, IReadOnlyCollection<Job> jobs, CancellationToken ct) =>
        (await connection.QueryAsync<Guid>(new CommandDefinition(Sql.Renew, new
        {
            channels = jobs.Select(job => job.Channel).ToArray(),
            ids = jobs.Select(job => job.Id).ToArray(),
            attempts = jobs.Select(job => job.Attempt).ToArray(),
            node = node.Name,
            lease = options.Value.Lease,
        }, cancellationToken: ct))).ToHashSet();

    internal sealed class Row
    {
        public required Guid Id { get; init; }
        public required short Lane { get; init; }
        public required int Attempt { get; init; }
        public required int Failures { get; init; }
        public required short Unknowns { get; init; }
        public DateTime? FirstFailedAt { get; init; }
        public DateTime? ExpiresAt { get; init; }
        public required DateTime LeasedAt { get; init; }
        public DateTime? RunAt { get; init; }

        public Job ToJob(string channel, long started) => new()
        {
            Id = Id,
            Channel = channel,
            Lane = (Lane)Lane,
            Attempt = Attempt,
            Failures = Failures,
            Unknowns = Unknowns,
            FirstFailedAt = FirstFailedAt,
            ExpiresAt = ExpiresAt,
            DueAt = RunAt,
            ClaimedAt = LeasedAt,
            ClaimStarted = started,
        };
    }

    internal static class Sql
    {
        // Three short walks over the ready index, one a lane: "order by lane, run_at" over all of them would walk past every
        // message that is scheduled for later in a lane before it reaches the next lane.
        // The CTEs are fences: inlined, the planner may run them again a row and lock more than the limit.
        // The life is the fence against a restored database, which would give out what was sent since: it lacks what this node has seen.
        public const string Claim = """
            with life as materialized (
                select 1 as goes_on
                where @witness::uuid is null or exists (
                    select from instance i
                    join instance_witnesses w on w.id = @witness::uuid and w.count >= @seen::bigint
                    where i.held_at is null and i.id = @instance::uuid and i.epoch = @epoch::bigint)
            ), critical as materialized (
                select id from jobs
                where channel = @channel and kind = 1 and state = 0 and lane = 0 and run_at <= now() and exists (select from life)
                order by run_at, id limit @critical for update skip locked
            ), transactional as materialized (
                select id from jobs
                where channel = @channel and kind = 1 and state = 0 and lane = 1 and run_at <= now() and exists (select from life)
                order by run_at, id limit least(@transactional::integer, greatest(0, @free::integer - @keptForBulk::integer - (select count(*) from critical))) for update skip locked
            ), bulk as materialized (
                select id from jobs
                where channel = @channel and kind = 1 and state = 0 and lane = 2 and run_at <= now() and exists (select from life)
                order by run_at, id limit least(@bulk::integer, greatest(0, @free::integer - (select count(*) from critical) - (select count(*) from transactional))) for update skip locked
            ), due as (
                select id from critical union all select id from transactional union all select id from bulk
            )
            update jobs j
            set state = 1, attempt = attempt + 1, leased_by = @node, leased_at = now(), lease_until = now() + @lease::interval
            -- As an array, whose length the planner takes for small: joined, it expects a tenth of a lane (the limit is not known to it) and
            -- reads the whole queue for each claim, 84 ms instead of 0.2 with 200,000 jobs and fresh statistics.
            where j.channel = @channel and j.id = any(array(select id from due))
            returning j.id, j.lane, j.attempt, j.failures, j.unknowns, j.first_failed_at, j.expires_at, j.leased_at, j.run_at
            """;

        // No lease that has run out is revived: its job may be on its way to another node.
        public const string Renew = """
            update jobs j
            set lease_until = now() + @lease::interval
            from unnest(@channels::text[], @ids::uuid[], @attempts::integer[]) as held(channel, id, attempt)
            where j.channel = held.channel and j.id = held.id and j.attempt = held.attempt
                and j.leased_by = @node and j.state = 1 and j.lease_until > now()
            returning j.id
            """;

        public const string Release = """
            update jobs j
            set state = 0, leased_by = null, leased_at = null, lease_until = null
            from unnest(@channels::text[], @ids::uuid[], @attempts::integer[]) as held(channel, id, attempt)
            where j.channel = held.channel and j.id = held.id and j.attempt = held.attempt and j.state = 1
            """;
    }
}
