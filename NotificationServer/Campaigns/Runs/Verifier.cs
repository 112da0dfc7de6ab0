using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Counts again what was done, before it is called done: everybody who was meant has a message of this run, and nobody has two on one
/// address. The database counts, not the code that made them. Whoever has none is given theirs now.
internal sealed class Verifier(BatchMaker maker, IOptions<RunOptions> options)
{
    private const string BeforeRepair = "repair";

    /// What a step came to. Flaw: it cannot be completed. Problem, or IsFull: who has no message cannot be given one, until a person looks at it
    /// or for now; then nothing of the step was done.
    internal readonly record struct Finding(string? Flaw = null, string? Problem = null, bool IsFull = false);

    /// A slice of the audience, in the transaction of whoever holds the run.
    public async Task<Finding> StepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, CancellationToken ct)
    {
        var slice = await connection.QuerySingleAsync<Slice>(new CommandDefinition(
            Sql.Count, new { run.Id, run.VerifiedTo, run.StartedAt, size = options.Value.SliceSize }, cancellationToken: ct));
        var made = await RepairAsync(connection, transaction, run, slice, ct);
        if (made.Stopped != default) return made.Stopped;
        var isAll = slice.Looked < options.Value.SliceSize;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Note, new
        {
            run.Id, slice.Upto, slice.Extra, missing = slice.Missing.Length, made.Addressed, made.Messages, isAll,
            reasons = made.Excluded.Keys.ToArray(), counts = made.Excluded.Values.Select(count => (long)count).ToArray(),
        }, cancellationToken: ct));
        if (!isAll) return default;
        if (run.Extra + slice.Extra > 0) return new Finding($"{run.Extra + slice.Extra} messages were made twice.");
        return new Finding(await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.Close, new { run.Id }, cancellationToken: ct)));
    }

    private async Task<Repair> RepairAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, Slice slice, CancellationToken ct)
    {
        var repair = new Repair();
        if (slice.Missing.Length == 0) return repair;
        await transaction.SaveAsync(BeforeRepair, ct);
        foreach (var wave in slice.Missing.Zip(slice.Variants).GroupBy(pair => pair.Second, pair => pair.First))
        {
            foreach (var people in wave.Chunk(options.Value.BatchSize))
            {
                var made = await maker.MakeAsync(connection, run, wave.Key < 0 ? null : wave.Key, people, ct);
                if (made.Problem is not null || made.IsFull)
                {
                    await transaction.RollbackAsync(BeforeRepair, ct);
                    return new Repair { Stopped = new Finding(Problem: made.Problem, IsFull: made.IsFull) };
                }
                repair.Addressed += made.Addressed;
                repair.Messages += made.Messages;
                foreach (var (reason, count) in made.Excluded) repair.Excluded[reason] = repair.Excluded.GetValueOrDefault(reason) + count;
            }
        }
        return repair;
    }

    private sealed class Repair
    {
        public Finding Stopped { get; init; }
        public int Addressed { get; set; }
        public int Messages { get; set; }
        public Dictionary<string, int> Excluded { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Slice
    {
        public required string Upto { get; init; }
        public required int Looked { get; init; }
        public required int Extra { get; init; }
        public required string[] Missing { get; init; }
        /// Of the missing; negative: there is no test, or whatever won it.
        public required short[] Variants { get; init; }
    }

    internal static class Sql
    {
        // By person, along their own index: the run's is not asked ("is not distinct from" cannot use it), because a slice of it is not a slice
        // of people. Who was erased since has none by their name, and is not looked for.
        public const string Count = """
            with slice as materialized (
                select user_id, wave from campaign_recipients
                where run_id = @Id and user_id > @VerifiedTo
                order by user_id limit @size
            ), looked as materialized (
                select coalesce(max(user_id), @VerifiedTo) as upto, count(*)::integer as people from slice
            ), told as materialized (
                select m.user_id, m.channel, m.device_id, count(*) as messages
                from messages m
                where m.user_id > @VerifiedTo and m.user_id <= (select upto from looked) and m.campaign_run_id is not distinct from @Id
                    and m.id >= uuid_from(@StartedAt::timestamptz - interval '1 hour')
                group by 1, 2, 3
            ), missing as materialized (
                select s.user_id, w.variant
                from slice s
                join campaign_waves w on w.run_id = @Id and w.wave = s.wave
                where not starts_with(s.user_id, '~') and not exists (select from told t where t.user_id = s.user_id)
                order by s.user_id
            )
            select looked.upto, looked.people as looked,
                coalesce((select sum(messages - 1) from told where messages > 1), 0)::integer as extra,
                coalesce((select array_agg(user_id order by user_id) from missing), '{}') as missing,
                coalesce((select array_agg(coalesce(variant, -1::smallint) order by user_id) from missing), '{}') as variants
            from looked
            """;

        public const string Note = $"""
            update campaign_runs r
            set verified_to = @Upto, extra = extra + @Extra, missing = missing + @missing, messages = messages + @Messages,
                expanded = least(audience - withdrawn, expanded + @missing), addressed = least(audience - withdrawn, expanded + @missing, addressed + @Addressed),
                {Expander.Sql.Excluded},
                verified_at = case when @isAll then now() else verified_at end, updated_at = now()
            where id = @Id
            """;

        // People who were erased before it came to them are not there to be told; all others were dealt with.
        public const string Close = """
            with gone as (
                select r.audience - r.expanded - r.withdrawn as people,
                    (select count(*) from campaign_recipients c where c.run_id = r.id and starts_with(c.user_id, '~')) as erased
                from campaign_runs r
                where r.id = @Id
            ), closed as (
                update campaign_runs r set withdrawn = withdrawn + gone.people from gone where r.id = @Id and gone.people between 1 and gone.erased
            )
            select case when people > erased then people || ' people were never dealt with.' end from gone
            """;
    }
}
