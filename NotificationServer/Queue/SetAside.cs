using Dapper;
using NotificationServer.Platform.Restores;
using Npgsql;

namespace NotificationServer.Queue;

/// What was queued in a restored copy of the database, and was due before anybody noticed, may have been sent since the copy was made. When a person
/// wants to decide on it, it becomes dead letters, all of it, before anything is sent again.
internal sealed class SetAside(NpgsqlDataSource db, ILogger<SetAside> log) : ISweep
{
    private const string Code = "restored";

    private const int BatchSize = 500;
    private const string Reason = "restored: it was queued in an older copy of the database, and may have been sent before that was restored.";

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsAsked, cancellationToken: ct))) return false;
        // First what would fill the queue again.
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.AnyRunGoesOn, cancellationToken: ct))) return false;

        await using var transaction = await connection.BeginTransactionAsync(ct);
        var suspects = (await connection.QueryAsync<Suspect>(new CommandDefinition(Sql.Suspects, new { batch = BatchSize }, cancellationToken: ct))).AsList();
        if (suspects.Count == 0)
        {
            // Those that somebody else has locked at this moment are looked for in the next turn.
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.AnyLeft, cancellationToken: ct))) return false;
            await connection.ExecuteAsync(new CommandDefinition(InstanceStore.Sql.LetGo, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            Log.AllSetAside(log);
            return false;
        }
        await connection.ExecuteAsync(new CommandDefinition(Sql.Move, Burial.ParametersOf(suspects, Code, Reason, quarantined: false), cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return true;
    }

    /// How many there would be, counted up to so many.
    public async Task<int> CountAsync(int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Count, new { most }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string IsAsked = "select exists (select from instance where set_aside_before is not null)";

        // Campaigns holds them; one that was held this moment may have been read as going on by a node that still fills the queue.
        public const string AnyRunGoesOn = """
            select exists (
                select from instance i
                join campaign_runs r on r.occurrence <= i.held_at and r.phase <> 'ended' and r.ending is null
                where r.paused_at is null or r.paused_at > now() - interval '5 seconds')
            """;

        // What is due later than the restore was noticed cannot have been sent by the life before: it stays.
        public const string Suspects = """
            select j.channel, j.id, j.attempt
            from instance i
            join jobs j on j.kind = 1 and j.id < uuid_from(i.set_aside_before) and j.run_at <= i.held_at
            limit @batch
            for update of j skip locked
            """;

        public const string AnyLeft = """
            select exists (
                select from instance i join jobs j on j.kind = 1 and j.id < uuid_from(i.set_aside_before) and j.run_at <= i.held_at)
            """;

        public const string Count = $"""
            select count(*)::integer
            from (
                select from instance i
                join jobs j on j.kind = 1 and j.id < uuid_from({InstanceStore.Sql.EndOfCopy}) and j.run_at <= i.held_at
                limit @most) as few
            """;

        // One that was being sent when the copy was made is on record as an attempt whose end nobody knows.
        public const string Move = "with " + Burial.Sql.Suspects + """
            , ended as (
                delete from jobs j
                using suspect s
                where j.channel = s.channel and j.id = s.id and j.attempt = s.attempt
                returning j.id, j.channel, j.attempt, j.state, j.leased_by, j.leased_at, s.fingerprint, s.summary
            ), noted as (
                insert into attempts (message_id, attempt, channel, outcome, error_code, detail, started_at, finished_at, node)
                select id, attempt, channel, 'unknown', 'node_lost', 'It was being sent when the copy of the database was made.', coalesce(leased_at, now()), now(), leased_by
                from ended
                where state = 1
                on conflict (message_id, attempt) do nothing
            ),
            """ + " " + Burial.Sql.Buried;
    }
}
