using System.Text.Json;
using Dapper;
using Npgsql;

namespace NotificationServer.Platform.Restores;

/// The row that says whose life a database lives, and those of the nodes that watch it.
internal sealed class InstanceStore(NpgsqlDataSource db, ILogger<InstanceStore> log)
{
    private volatile bool isPlaceHidden;

    public async Task<Guid> IdAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Guid>(new CommandDefinition(Sql.Id, cancellationToken: ct));
    }

    /// Notes that this node is there, and reads what was known before.
    public async Task<(InstanceReading Now, Place Place)> BeatAsync(Guid witness, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var now = await connection.QuerySingleAsync<InstanceReading>(new CommandDefinition(Sql.Beat, new { witness }, cancellationToken: ct));
        return (now, await PlaceAsync(connection, ct));
    }

    /// What was not known yet is known from now on; a new timeline whose past is known to be whole is the one.
    public async Task AdoptAsync(InstanceReading now, Place place, string? installation, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Adopt, new { now.Id, place.System, place.Timeline, installation = string.IsNullOrEmpty(installation) ? null : installation }, cancellationToken: ct));
    }

    /// False: it was held already.
    public async Task<bool> HoldAsync(Guid id, Doubt doubt, long epochSeen, string node, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Remember, new { id, epochSeen }, cancellationToken: ct));
        var held = await connection.ExecuteAsync(new CommandDefinition(Sql.Hold, new
        {
            id, node, doubt = doubt.Word, copyAt = doubt.CopyAt, evidence = JsonSerializer.Serialize(doubt.Evidence),
        }, cancellationToken: ct)) > 0;
        if (held)
            await AuditLog.AppendAsync(connection, new AuditEntry("server", "sending.hold", "sending:all")
            {
                After = new() { ["doubt"] = doubt.Word, ["node"] = node, ["copy_at"] = doubt.CopyAt, ["evidence"] = doubt.Evidence },
                Reason = Doubt.Sentence(doubt.Word),
            }, ct);
        await transaction.CommitAsync(ct);
        return held;
    }

    /// Null: nothing is held.
    public async Task<HeldSending?> HeldAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<HeldSending>(new CommandDefinition(Sql.Held, cancellationToken: ct));
    }

    /// SetAside: what was queued in the copy and may have been sent since is made failed first, for a person to decide on; else all of it is sent.
    /// False: nothing was held, or somebody has decided already.
    public async Task<bool> ConfirmAsync(bool setAside, string reason, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var held = await connection.QuerySingleOrDefaultAsync<HeldSending>(new CommandDefinition(Sql.Lock, cancellationToken: ct));
        if (held is not { SetAsideBefore: null }) return false;
        await connection.ExecuteAsync(new CommandDefinition(setAside ? Sql.SetAside : Sql.LetGo, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "sending.confirm", "sending:all")
        {
            Before = new() { ["doubt"] = held.Doubt, ["held_at"] = held.HeldAt, ["copy_at"] = held.CopyAt },
            After = new() { ["queued"] = setAside ? "set_aside" : "send" },
            Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task<Place> PlaceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (isPlaceHidden) return new Place(null, null);
        try
        {
            return await connection.QuerySingleAsync<Place>(new CommandDefinition(Sql.Place, cancellationToken: ct));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFunction)
        {
            isPlaceHidden = true;
            Log.PlaceHidden(log, e.SqlState);
            return new Place(null, null);
        }
    }

    internal static class Sql
    {
        public const string Id = "select id from instance";

        // What was there before is read as of before the statement, so that it is what a copy brought along.
        public const string Beat = """
            with before as (
                select count, at from instance_witnesses where id = @witness
            ), me as (
                insert into instance_witnesses as w (id, count)
                values (@witness, 1)
                on conflict (id) do update set count = w.count + 1, at = clock_timestamp()
                returning count, at, began_at
            )
            select i.id, i.epoch, i.installation, i.system, i.timeline, i.held_at, i.doubt as doubt_word,
                me.count, me.at, me.began_at, b.count as count_before, b.at as at_before,
                (select max(at) from instance_witnesses where id <> @witness) as others_at
            from instance i
            cross join me
            left join before b on true
            """;

        // A number of its own for each server that was ever made, and for each database in it; and a timeline for each time that one was restored
        // or a standby took over.
        public const string Place = """
            select (select system_identifier from pg_control_system())::text || '/' || (select oid from pg_database where datname = current_database())::text as system,
                substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline
            """;

        public const string Adopt = """
            update instance
            set system = coalesce(system, @System::text), installation = coalesce(installation, @installation::text), timeline = coalesce(@Timeline::text, timeline)
            where id = @Id and held_at is null
                and (system is distinct from coalesce(system, @System::text) or installation is distinct from coalesce(installation, @installation::text)
                    or timeline is distinct from coalesce(@Timeline::text, timeline))
            """;

        public const string Remember = "update instance set epoch_seen = @epochSeen where id = @id and epoch_seen < @epochSeen";

        public const string Hold = """
            update instance
            set held_at = clock_timestamp(), held_by = @node, doubt = @doubt, evidence = @evidence::jsonb, copy_at = @copyAt::timestamptz
            where id = @id and held_at is null
            """;

        public const string Held = """
            select held_at, held_by, doubt, evidence::text as evidence, copy_at, set_aside_before from instance where held_at is not null
            """;

        public const string Lock = """
            select held_at, held_by, doubt, evidence::text as evidence, copy_at, set_aside_before from instance where held_at is not null for update
            """;

        // The next epoch, so that what nodes remember of the other life speaks against this one no more. Where it lives is said anew.
        public const string LetGo = """
            update instance
            set epoch = greatest(epoch, epoch_seen) + 1, system = null, timeline = null, installation = null,
                held_at = null, held_by = null, doubt = null, evidence = null, copy_at = null, set_aside_before = null
            """;

        /// When the last that is in the copy was accepted. Its last moments may be younger than the last word of any node: those say one every two seconds.
        public const string EndOfCopy = "least(held_at, coalesce(copy_at + interval '5 seconds', held_at))";

        public const string SetAside = $"update instance set set_aside_before = {EndOfCopy}";
    }
}
