using Dapper;
using Npgsql;

namespace NotificationServer.Recipients.Consents;

/// One link of the chain, as it was written down.
internal sealed record Consent
{
    public required Guid Id { get; init; }
    public required string Channel { get; init; }
    public required string Category { get; init; }
    public required bool OptIn { get; init; }
    public required string Source { get; init; }
    public string? Actor { get; init; }
    public string? TextVersion { get; init; }
    public string? Ip { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public byte[]? PreviousHash { get; init; }
    public required byte[] Hash { get; init; }
}

/// What a person said, from the first word to the last. It is only read here: the database itself appends, and refuses anything else.
internal sealed class ConsentHistory(NpgsqlDataSource db)
{
    public async Task<IReadOnlyList<Consent>> ListAsync(RecipientId user, Guid after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Consent>(new CommandDefinition(Sql.List, new { user = user.Value, after, limit }, cancellationToken: ct))).AsList();
    }

    /// Newest first, from behind `before`.
    public async Task<IReadOnlyList<Consent>> NewestAsync(RecipientId user, Guid? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Consent>(new CommandDefinition(Sql.Newest, new { user = user.Value, before, limit }, cancellationToken: ct))).AsList();
    }

    /// What holds now for this very channel and category.
    public async Task<Consent?> CurrentAsync(RecipientId user, string channel, string category, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Consent>(
            new CommandDefinition(Sql.Current, new { user = user.Value, channel, category }, cancellationToken: ct));
    }

    /// The first link that does not follow from the one before it; null: the chain is whole.
    public async Task<Guid?> FirstBreakAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(Sql.FirstBreak, new { user = user.Value }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string List = """
            select id, channel, category, opt_in, source, actor, text_version, host(ip) as ip, occurred_at, recorded_at, previous_hash, hash
            from consents
            where user_id = @user and id > @after
            order by id
            limit @limit
            """;

        public const string Newest = """
            select id, channel, category, opt_in, source, actor, text_version, host(ip) as ip, occurred_at, recorded_at, previous_hash, hash
            from consents
            where user_id = @user and (@before::uuid is null or id < @before)
            order by id desc
            limit @limit
            """;

        public const string Current = """
            select c.id, c.channel, c.category, c.opt_in, c.source, c.actor, c.text_version, host(c.ip) as ip, c.occurred_at, c.recorded_at,
                c.previous_hash, c.hash
            from preferences p
            join consents c on c.id = p.consent_id
            where p.user_id = @user and p.channel = @channel and p.category = @category
            """;

        public const string FirstBreak = """
            select id
            from (
                select c.id, c.hash <> consent_hash(c) or c.previous_hash is distinct from lag(c.hash) over (order by c.id) as broken
                from consents c
                where c.user_id = @user
            ) as link
            where broken
            order by id
            limit 1
            """;
    }
}
