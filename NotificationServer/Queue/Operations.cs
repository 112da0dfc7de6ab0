using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Work on many messages: asked for here, done by the <see cref="OperationRunner"/> of any node.
internal sealed class Operations(NpgsqlDataSource db)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private const int MostOfOneRecipient = 10_000;
    private const int MostIdsInAuditLog = 100;

    /// How many would be dealt with, at most <c>most</c>; and how many of them may have been sent already, for all we know.
    internal readonly record struct Match(int Matched, int MayHaveBeenSent);

    /// The same by channel and by who refused them last.
    internal sealed record Part(string Channel, string? Provider, int Matched, int MayHaveBeenSent);

    internal sealed record Hopeless(int Looked, int Accepted, int Expired);

    public async Task<Match> CountAsync(DeadLetterFilter filter, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await CountAsync(connection, JsonSerializer.Serialize(filter, Json), most, ct);
    }

    public async Task<IReadOnlyList<Part>> PartsAsync(DeadLetterFilter filter, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Part>(
            new CommandDefinition(Sql.Parts, new { filter = JsonSerializer.Serialize(filter, Json), most }, cancellationToken: ct))).AsList();
    }

    /// Of the first so many: those that a requeue would refuse because a provider accepted them, and those whose time is over.
    public async Task<Hopeless> HopelessAsync(DeadLetterFilter filter, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Hopeless>(
            new CommandDefinition(Sql.Hopeless, new { filter = JsonSerializer.Serialize(filter, Json), most }, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<Guid>> MatchingAsync(DeadLetterFilter filter, int most, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await MatchingAsync(connection, filter, most, ct);
    }

    public async Task<Operation> StartAsync(OperationRequest request, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var type = Operation.NameOf(request.Type);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var chosen = await WithoutRecipientAsync(connection, request.Filter, ct);
        var filter = JsonSerializer.Serialize(chosen, Json);
        var match = await CountAsync(connection, filter, request.Most, ct);
        var operation = await connection.QuerySingleAsync<Operation>(new CommandDefinition(Sql.Start, new
        {
            id,
            type,
            filter,
            total = match.Matched,
            request.Most,
            request.Rate,
            request.Reason,
            request.Actor,
            request.Provider,
        }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(request.Actor, $"messages.{type}", $"operation:{id:N}")
        {
            After = new() { ["filter"] = chosen.Ids is { Count: > MostIdsInAuditLog } ids ? chosen with { Ids = [.. ids.Take(MostIdsInAuditLog)] } : chosen, ["matched"] = match.Matched, ["max"] = request.Most, ["rate_per_second"] = request.Rate, ["provider"] = request.Provider },
            Reason = request.Reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return operation;
    }

    public async Task<Operation?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Operation>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    /// Ends it before what it has not come to. False: it had ended. A batch that is under way is waited for.
    public async Task<bool> CancelAsync(Guid id, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var done = await connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(Sql.Cancel, new { id }, cancellationToken: ct));
        if (done is null) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "operation.cancel", $"operation:{id:N}") { After = new() { ["done"] = done } }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// Addresses are kept where people are, and nowhere else.
    private static async Task<DeadLetterFilter> WithoutRecipientAsync(NpgsqlConnection connection, DeadLetterFilter filter, CancellationToken ct)
    {
        if (filter.Recipient is null) return filter;
        return filter with { Recipient = null, Ids = await MatchingAsync(connection, filter, MostOfOneRecipient, ct) };
    }

    private static async Task<IReadOnlyList<Guid>> MatchingAsync(NpgsqlConnection connection, DeadLetterFilter filter, int most, CancellationToken ct) =>
        (await connection.QueryAsync<Guid>(
            new CommandDefinition(Sql.Matching, new { filter = JsonSerializer.Serialize(filter, Json), most }, cancellationToken: ct))).AsList();

    private static Task<Match> CountAsync(NpgsqlConnection connection, string filter, int most, CancellationToken ct) =>
        connection.QuerySingleAsync<Match>(new CommandDefinition(Sql.Count, new { filter, most }, cancellationToken: ct));

    internal static class Sql
    {
        public const string Count = """
            select count(*)::integer as matched, (count(*) filter (where d.may_have_been_sent))::integer as "MayHaveBeenSent"
            from (select may_have_been_sent from dead_letters_of(@filter::jsonb) limit @most::integer) d
            """;

        public const string Parts = """
            select d.channel, d.provider, count(*)::integer as matched, (count(*) filter (where d.may_have_been_sent))::integer as "MayHaveBeenSent"
            from (select channel, provider, may_have_been_sent from dead_letters_of(@filter::jsonb) limit @most::integer) d
            group by d.channel, d.provider
            order by 3 desc, 1, 2
            """;

        public const string Hopeless = """
            select count(*)::integer as looked,
                (count(*) filter (where exists (select from attempts a where a.message_id = id and a.outcome = 'accepted')
                    and not exists (select from receipts r where r.message_id = id and r.kind = 'failed')))::integer as accepted,
                (count(*) filter (where (select m.expires_at from messages m where m.id = found.id) < now()))::integer as expired
            from matching_dead_letters(@filter::jsonb, now(), '00000000-0000-0000-0000-000000000000', @most::integer) as found(id)
            """;

        public const string Matching = """
            select id from matching_dead_letters(@filter::jsonb, now(), '00000000-0000-0000-0000-000000000000', @most::integer) as id
            """;

        public const string Start = """
            insert into operations (id, type, status, filter, total, most, rate, reason, requested_by, provider)
            values (@id, @type, 'running', @filter::jsonb, @total, @Most, @Rate::integer, @Reason, @Actor, @Provider::text)
            returning id, type, status, total, done, refused, skipped, rate, provider, reason, requested_by, created_at, updated_at, finished_at
            """;

        public const string Find = """
            select o.id, o.type, o.status, o.total, o.done, o.refused, o.skipped, o.rate, o.provider, o.undoes, u.id as undone_by, o.reason, o.requested_by,
                o.created_at, o.updated_at, o.finished_at
            from operations o
            left join operations u on u.undoes = o.id
            where o.id = @id
            """;

        public const string Cancel = """
            update operations
            set status = 'cancelled', updated_at = now(), finished_at = now()
            where id = @id and status = 'running'
            returning done
            """;
    }
}
