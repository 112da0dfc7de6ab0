using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

internal enum MembersChange
{
    /// The file is the list from now on.
    Replace,
    /// Those of the file come to it.
    Add,
    Remove,
}

/// Rows: read. Members: on the list afterwards. Unknown: of these, whom nobody told us anything of yet.
internal sealed record MembersResult(int Rows, long Members, long Added, long Removed, long Unknown)
{
    /// What UndoAsync takes.
    public Guid Change { get; init; }
}

/// Who is on a list. A file is read whole before anything changes, and then all of it counts at once.
internal sealed class SegmentMembers(NpgsqlDataSource db, CampaignRecall recall, IOptions<SegmentOptions> options)
{
    private const int PieceSize = 5_000;
    private const int MostErrors = 100;

    /// Result: null with an answer that is not Done.
    public async Task<(SegmentAnswer Answer, MembersResult? Result)> TakeAsync(Guid segment, MembersChange change, Stream file, string actor, CancellationToken ct)
    {
        var upload = Guid.CreateVersion7();
        try
        {
            var (rows, errors) = await ReadAsync(upload, file, ct);
            if (errors.Count > 0) return (new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = errors }, null);
            return await ApplyAsync(segment, change, upload, rows, actor, ct);
        }
        finally
        {
            await ForgetAsync(upload);
        }
    }

    /// By id, those after <paramref name="after"/>.
    public async Task<IReadOnlyList<SegmentMember>> ListAsync(Guid segment, string? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<SegmentMember>(new CommandDefinition(Sql.List, new { segment, after = after ?? "", limit }, cancellationToken: ct))).AsList();
    }

    private async Task<(int Rows, List<PlanError> Errors)> ReadAsync(Guid upload, Stream source, CancellationToken ct)
    {
        var (rows, distinct, piece, errors) = (0, 0L, new List<string>(PieceSize), new List<PlanError>());
        var file = new MemberFile(source);
        while (errors.Count < MostErrors && await file.NextAsync(ct) is { } row)
        {
            if (row.Error is { } error) errors.Add(error);
            if (file.IsHopeless) break;
            if (row.UserId is not { } user) continue;
            rows++;
            piece.Add(user);
            if (piece.Count < PieceSize) continue;
            distinct += await StageAsync(upload, piece, ct);
            if (distinct > options.Value.MostMembers) break;
        }
        distinct += await StageAsync(upload, piece, ct);
        if (distinct > options.Value.MostMembers)
            errors.Insert(0, new PlanError("", "too_many", string.Create(CultureInfo.InvariantCulture, $"At most {options.Value.MostMembers:N0} people are on one list")));
        return (rows, errors);
    }

    private async Task<int> StageAsync(Guid upload, List<string> users, CancellationToken ct)
    {
        if (users.Count == 0) return 0;
        await using var connection = await db.OpenConnectionAsync(ct);
        var added = await connection.ExecuteAsync(new CommandDefinition(Sql.Stage, new { upload, users = users.ToArray() }, cancellationToken: ct));
        users.Clear();
        return added;
    }

    private async Task<(SegmentAnswer Answer, MembersResult? Result)> ApplyAsync(Guid segment, MembersChange change, Guid upload, int rows, string actor, CancellationToken ct)
    {
        var patience = (int)options.Value.ListTimeout.TotalSeconds;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            Sql.Limit, new { limit = options.Value.ListTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) }, cancellationToken: ct));
        if (await SegmentStore.LockAsync(connection, segment, ct) is not { ArchivedAt: null } before) return (new SegmentAnswer(SegmentAnswerStatus.NotFound), null);
        if (!before.IsList) return (new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = [new PlanError("", "wrong_kind", "Who is in this segment is said by its rules")] }, null);

        var removed = change == MembersChange.Add ? 0 : await connection.ExecuteAsync(new CommandDefinition(
            change == MembersChange.Remove ? Sql.RemoveThese : Sql.RemoveOthers, new { segment, upload }, commandTimeout: patience, cancellationToken: ct));
        var added = change == MembersChange.Remove ? 0 : await connection.ExecuteAsync(new CommandDefinition(
            Sql.Add, new { segment, upload }, commandTimeout: patience, cancellationToken: ct));
        var (members, unknown) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(Sql.Count, new { segment }, commandTimeout: patience, cancellationToken: ct));
        if (members > options.Value.MostMembers)
            return (new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = [new PlanError("", "too_many", $"It would have {members:N0} people, at most {options.Value.MostMembers:N0} are on one list")] }, null);

        var after = await connection.QuerySingleAsync<Segment>(new CommandDefinition(Sql.Touch, new { segment, size = members - unknown, actor }, cancellationToken: ct));
        var recalled = added + removed == 0 ? 0 : await recall.BecauseOfAsync(connection, after, actor, ct);
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "segment.import", SegmentStore.Target(segment))
        {
            Before = new() { ["members"] = members - added + removed }, After = new() { ["members"] = members, ["added"] = added, ["removed"] = removed, ["rows"] = rows },
        }, ct);
        await transaction.CommitAsync(ct);
        return (new SegmentAnswer(SegmentAnswerStatus.Done, after) { Recalled = recalled }, new MembersResult(rows, members, added, removed, unknown) { Change = upload });
    }

    /// The list is what it was before the change; which is kept for a day, and only while nothing was changed after it. Size: how many came and
    /// went by it, so that what was lost meanwhile is not taken for nothing.
    public async Task<SegmentAnswer> UndoAsync(Guid segment, Guid change, int revision, long size, string actor, CancellationToken ct)
    {
        var patience = (int)options.Value.ListTimeout.TotalSeconds;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            Sql.Limit, new { limit = options.Value.ListTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) }, cancellationToken: ct));
        if (await SegmentStore.LockAsync(connection, segment, ct) is not { ArchivedAt: null } before) return new SegmentAnswer(SegmentAnswerStatus.NotFound);
        if (before.Revision != revision) return new SegmentAnswer(SegmentAnswerStatus.Changed, before);
        if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Undo, new { segment, change }, commandTimeout: patience, cancellationToken: ct)) != size)
            return new SegmentAnswer(SegmentAnswerStatus.Changed, before);
        var (members, unknown) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(Sql.Count, new { segment }, commandTimeout: patience, cancellationToken: ct));
        var after = await connection.QuerySingleAsync<Segment>(new CommandDefinition(Sql.Touch, new { segment, size = members - unknown, actor }, cancellationToken: ct));
        var recalled = size == 0 ? 0 : await recall.BecauseOfAsync(connection, after, actor, ct);
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "segment.import", SegmentStore.Target(segment)) { After = new() { ["members"] = members, ["undone"] = size } }, ct);
        await transaction.CommitAsync(ct);
        return new SegmentAnswer(SegmentAnswerStatus.Done, after) { Recalled = recalled };
    }

    /// Also those of nodes that died over them, a day later.
    private async Task ForgetAsync(Guid upload)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, new { upload }, commandTimeout: 60, cancellationToken: CancellationToken.None));
        }
        catch (NpgsqlException)
        {
            // What was answered holds; the next list takes these rows along.
        }
    }

    internal static class Sql
    {
        public const string Limit = "select set_config('statement_timeout', @limit, true)";

        public const string Stage = """
            insert into segment_uploads (upload, user_id)
            select @upload::uuid, user_id from unnest(@users::text[]) as u(user_id)
            on conflict do nothing
            """;

        // Who went and who came is kept beside, so that it can be undone.
        public const string RemoveOthers = """
            with gone as (
                delete from segment_members m
                where m.segment_id = @segment and not exists (select from segment_uploads s where s.upload = @upload and s.user_id = m.user_id)
                returning m.user_id
            )
            insert into segment_changes (change, user_id, came) select @upload::uuid, user_id, false from gone
            """;

        public const string RemoveThese = """
            with gone as (
                delete from segment_members m
                using segment_uploads s
                where m.segment_id = @segment and s.upload = @upload and s.user_id = m.user_id
                returning m.user_id
            )
            insert into segment_changes (change, user_id, came) select @upload::uuid, user_id, false from gone
            """;

        public const string Add = """
            with come as (
                insert into segment_members (segment_id, user_id)
                select @segment::uuid, user_id from segment_uploads where upload = @upload order by user_id
                on conflict do nothing
                returning user_id
            )
            insert into segment_changes (change, user_id, came) select @upload::uuid, user_id, true from come
            """;

        public const string Undo = """
            with back as (
                delete from segment_changes where change = @change returning user_id, came
            ), gone as (
                delete from segment_members m using back b where b.came and m.segment_id = @segment and m.user_id = b.user_id
            ), come as (
                insert into segment_members (segment_id, user_id)
                select @segment::uuid, user_id from back where not came order by user_id
                on conflict do nothing
            )
            select count(*) from back
            """;

        public const string Count = """
            select count(*), count(*) filter (where u.id is null)
            from segment_members m
            left join users u on u.id = m.user_id
            where m.segment_id = @segment
            """;

        public const string Touch = """
            update segments
            set estimated_size = @size, estimated_at = now(), updated_by = @actor, updated_at = now(), revision = revision + 1
            where id = @segment
            returning id, name, description, kind, rules::text as rules, estimated_size, estimated_at, revision, created_by, created_at, updated_by, updated_at, archived_at
            """;

        public const string Forget = "delete from segment_uploads where upload = @upload or upload < uuid_from(now() - interval '1 day')";

        public const string List = """
            select m.user_id, u.id is not null as is_known
            from segment_members m
            left join users u on u.id = m.user_id
            where m.segment_id = @segment and m.user_id > @after
            order by m.user_id
            limit @limit
            """;
    }
}

internal sealed record SegmentMember(string UserId, bool IsKnown);
