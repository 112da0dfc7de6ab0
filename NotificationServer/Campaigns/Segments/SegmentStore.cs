using System.Globalization;
using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

/// Text: a part of the name. Kind: rules or list; null: both.
internal sealed record SegmentFilter(string? Text = null, string? Kind = null, bool Archived = false)
{
    /// people or changed; null: by name.
    public string? Sort { get; init; }
    public bool Falls { get; init; }
}

/// Where a page of segments ended, in the order by name.
internal sealed record SegmentCursor(string Name, Guid Id)
{
    /// In another order.
    public static SegmentCursor Of(Segment segment, string? sort) => new(sort switch
    {
        "people" => (segment.EstimatedSize ?? 0).ToString("D20", CultureInfo.InvariantCulture),
        "changed" => segment.UpdatedAt.UtcDateTime.ToString("yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture),
        _ => segment.Name,
    }, segment.Id);
}

internal sealed class SegmentStore(NpgsqlDataSource db, SegmentRules rules, CampaignRecall recall)
{
    public async Task<Segment?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Segment>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<Segment>> ListAsync(SegmentFilter filter, SegmentCursor? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Segment>(new CommandDefinition(
            Sql.List, new { filter.Text, filter.Kind, filter.Archived, filter.Sort, filter.Falls, after?.Name, id = after?.Id, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<SegmentAnswer> CreateAsync(SegmentDraft draft, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await KeepAsync(connection, ct);
        if (await rules.CheckAsync(draft, ct) is { Count: > 0 } errors) return new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = errors };
        try
        {
            var segment = await connection.QuerySingleAsync<Segment>(new CommandDefinition(Sql.Create, new
            {
                id = Guid.CreateVersion7(), draft.Name, draft.Description, draft.Kind, rules = draft.Rules?.GetRawText(), actor,
            }, cancellationToken: ct));
            await AuditLog.AppendAsync(connection, new AuditEntry(actor, "segment.create", Target(segment.Id)) { After = segment.Told() }, ct);
            await transaction.CommitAsync(ct);
            return new SegmentAnswer(SegmentAnswerStatus.Done, segment);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new SegmentAnswer(SegmentAnswerStatus.NameTaken);
        }
    }

    /// Null for <paramref name="ifRevision"/>: whatever it is by now. A list stays one, and rules stay rules.
    public async Task<SegmentAnswer> EditAsync(Guid id, int? ifRevision, SegmentDraft draft, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await KeepAsync(connection, ct);
        if (await rules.CheckAsync(draft, ct) is { Count: > 0 } errors) return new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = errors };
        if (await LockAsync(connection, id, ct) is not { } before) return new SegmentAnswer(SegmentAnswerStatus.NotFound);
        if (before.Revision != (ifRevision ?? before.Revision)) return new SegmentAnswer(SegmentAnswerStatus.Changed, before);
        if (before.Kind != draft.Kind)
            return new SegmentAnswer(SegmentAnswerStatus.Invalid) { Errors = [new PlanError("/rules", "wrong_kind", before.IsList ? "A list has no rules" : "Rules are required")] };
        try
        {
            var after = await connection.QuerySingleAsync<Segment>(new CommandDefinition(
                Sql.Edit, new { id, draft.Name, draft.Description, rules = draft.Rules?.GetRawText(), actor }, cancellationToken: ct));
            var recalled = after.MeansTheSameAs(before) ? 0 : await recall.BecauseOfAsync(connection, after, actor, ct);
            await AuditLog.AppendAsync(connection, new AuditEntry(actor, "segment.update", Target(id)) { Before = before.Told(), After = after.Told() }, ct);
            await transaction.CommitAsync(ct);
            return new SegmentAnswer(SegmentAnswerStatus.Done, after) { Recalled = recalled };
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new SegmentAnswer(SegmentAnswerStatus.NameTaken);
        }
    }

    /// Or brings it back.
    public async Task<SegmentAnswer> ArchiveAsync(Guid id, int? ifRevision, bool archived, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (archived) await connection.ExecuteAsync(new CommandDefinition(Sql.TakeAway, cancellationToken: ct));
        if (await LockAsync(connection, id, ct) is not { } before) return new SegmentAnswer(SegmentAnswerStatus.NotFound);
        if (before.Revision != (ifRevision ?? before.Revision)) return new SegmentAnswer(SegmentAnswerStatus.Changed, before);
        if (before.ArchivedAt is not null == archived) return new SegmentAnswer(SegmentAnswerStatus.Done, before);
        var users = archived ? (await connection.QueryAsync<SegmentUse>(new CommandDefinition(Sql.Uses, new { id, live = true }, cancellationToken: ct))).AsList() : [];
        if (users is [var first, ..])
            return new SegmentAnswer(SegmentAnswerStatus.InUse, before) { Problem = $"{first.What} “{first.Name}” needs it{(users.Count > 1 ? $", and {users.Count - 1} more" : "")}" };
        try
        {
            var after = await connection.QuerySingleAsync<Segment>(new CommandDefinition(Sql.Archive, new { id, archived, actor }, cancellationToken: ct));
            await AuditLog.AppendAsync(connection, new AuditEntry(actor, archived ? "segment.archive" : "segment.restore", Target(id)) { Before = before.Told(), After = after.Told() }, ct);
            await transaction.CommitAsync(ct);
            return new SegmentAnswer(SegmentAnswerStatus.Done, after);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new SegmentAnswer(SegmentAnswerStatus.NameTaken);
        }
    }

    /// What somebody who looked has counted; changes nothing of the segment itself.
    public async Task NoteSizeAsync(Guid id, AudienceSize size, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.NoteSize, new { id, size.People }, cancellationToken: ct));
    }

    /// Campaigns that name it and segments whose rules do; the newest first.
    public async Task<IReadOnlyList<SegmentUse>> UsesAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<SegmentUse>(new CommandDefinition(Sql.Uses, new { id, live = false }, cancellationToken: ct))).AsList();
    }

    /// For whoever is about to need segments: until the transaction ends none is archived, and none becomes another unseen. Which of these is already, by name.
    internal static async Task<IReadOnlyList<string>> KeepAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await KeepAsync(connection, ct);
        await CampaignRecall.KeepAsync(connection, ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(Sql.Archived, new { ids = ids.ToArray() }, cancellationToken: ct))).AsList();
    }

    private static Task<int> KeepAsync(NpgsqlConnection connection, CancellationToken ct) => connection.ExecuteAsync(new CommandDefinition(Sql.Keep, cancellationToken: ct));

    internal static string Target(Guid id) => $"segment:{id:N}";

    internal static Task<Segment?> LockAsync(NpgsqlConnection connection, Guid id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<Segment>(new CommandDefinition(Sql.Lock, new { id }, cancellationToken: ct));

    internal static class Sql
    {
        private const string Columns =
            "id, name, description, kind, rules::text as rules, estimated_size, estimated_at, revision, created_by, created_at, updated_by, updated_at, archived_at";

        public const string Find = $"select {Columns} from segments where id = @id";

        public const string Lock = $"select {Columns} from segments where id = @id for update";

        // A lock of its own, taken before any row's: a list that is being replaced holds its row for long, and nobody has to wait for that
        // to name it.
        public const string Keep = "select pg_advisory_xact_lock_shared(hashtextextended('segments_archived', 0))";

        public const string TakeAway = "select pg_advisory_xact_lock(hashtextextended('segments_archived', 0))";

        public const string Archived = "select name from segments where id = any(@ids::uuid[]) and archived_at is not null order by id";

        // In byte order, whatever the database's collation. Segments are hundreds, not millions: the filters need no index.
        public const string List = $"""
            select {Columns}
            from (
                select *, case @Sort::text when 'people' then lpad(coalesce(estimated_size, 0)::text, 20, '0')
                    when 'changed' then to_char(updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') else lower(name) end collate "C" as position
                from segments
            ) as placed
            where (archived_at is not null) = @Archived
                and (@Kind::text is null or kind = @Kind)
                and (@Text::text is null or position(lower(@Text) in lower(name)) > 0)
                and (@Name::text is null or case when @Falls::boolean
                    then (position, id) < (lower(@Name::text), @id::uuid) else (position, id) > (lower(@Name::text), @id::uuid) end)
            order by case when @Falls then position end desc, case when @Falls then id end desc, position, id
            limit @limit
            """;

        public const string Create = $"""
            insert into segments (id, name, description, kind, rules, created_by, updated_by)
            values (@id, @Name, @Description, @Kind, @rules::jsonb, @actor, @actor)
            returning {Columns}
            """;

        public const string Edit = $"""
            update segments
            set name = @Name, description = @Description, updated_by = @actor, updated_at = now(), revision = revision + 1,
                estimated_size = case when rules is not distinct from @rules::jsonb then estimated_size end,
                estimated_at = case when rules is not distinct from @rules::jsonb then estimated_at end, rules = @rules::jsonb
            where id = @id
            returning {Columns}
            """;

        public const string Archive = $"""
            update segments
            set archived_at = case when @archived then now() end, updated_by = @actor, updated_at = now(), revision = revision + 1
            where id = @id
            returning {Columns}
            """;

        // Whoever only looks does not wait for a list that is being put in place, which says its size itself.
        public const string NoteSize = """
            update segments set estimated_size = @People, estimated_at = now()
            where id = (select id from segments where id = @id for update skip locked)
            """;

        public const string Uses = """
            select id, 'The campaign' as what, name
            from campaigns
            where (plan #> '{audience,segment_ids}' ? @id::uuid::text or plan #> '{audience,exclude_segment_ids}' ? @id::uuid::text)
                and (not @live or status in ('pending_approval', 'approved', 'scheduled', 'running', 'paused'))
            union all
            -- The ids of lists stand in rules as services write them, perhaps in capitals, and nothing else looks like one.
            select id, 'The segment' as what, name
            from segments
            where archived_at is null and rules is not null and position('"seg_' || replace(@id::uuid::text, '-', '') || '"' in lower(rules::text)) > 0
            order by id desc
            limit 100
            """;
    }
}

/// Something that names a segment. What: "The campaign" or "The segment".
internal sealed record SegmentUse(Guid Id, string What, string Name)
{
    public bool IsCampaign => What == "The campaign";
}
