using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Recipients;

/// What a client tells of a person; valid when it gets here.
internal sealed record UserProfile
{
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public string? Country { get; init; }
    /// A JSON object.
    public required string Attributes { get; init; }
    public required string[] Tags { get; init; }
}

internal sealed record StoredUser
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public string? Country { get; init; }
    public required string Attributes { get; init; }
    public required string[] Tags { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class UserStore(NpgsqlDataSource db)
{
    public async Task<StoredUser?> FindAsync(RecipientId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredUser>(new CommandDefinition(Sql.Find, new { id = id.Value }, cancellationToken: ct));
    }

    public async Task<StoredUser> PutAsync(RecipientId id, UserProfile profile, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<StoredUser>(new CommandDefinition(Sql.Put, Parameters(id, profile, null), cancellationToken: ct));
    }

    /// Null: there is no such user, or no longer in that version.
    public async Task<StoredUser?> ReplaceAsync(RecipientId id, UserProfile profile, int version, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredUser>(
            new CommandDefinition(Sql.Replace, Parameters(id, profile, version), cancellationToken: ct));
    }

    /// Many at once, all or nothing; no user twice.
    public async Task<UserBatch.Stored> PutManyAsync(IReadOnlyList<UserPatch> patches, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await UserBatch.PutAsync(connection, patches, ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    /// The devices and preferences go too; a block stays, and so do suppressed addresses.
    public async Task<bool> DeleteAsync(RecipientId id, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { id = id.Value }, cancellationToken: ct)) != 1) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.delete", $"user:{id.Value}"), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    internal static object Parameters(RecipientId id, UserProfile profile, int? version) => new
    {
        id = id.Value,
        profile.Email,
        profile.Phone,
        profile.Locale,
        profile.TimeZone,
        profile.Country,
        profile.Attributes,
        profile.Tags,
        version,
    };

    internal static class Sql
    {
        public const string Find = """
            select id, email, phone, locale, time_zone, country, attributes::text, tags, version, created_at, updated_at
            from users
            where id = @id
            """;

        public const string Put = """
            insert into users (id, email, phone, locale, time_zone, country, attributes, tags)
            values (@id, @email, @phone, @locale, @timeZone, @country, @attributes::jsonb, @tags)
            on conflict (id) do update set
                email = excluded.email, phone = excluded.phone, locale = excluded.locale, time_zone = excluded.time_zone,
                country = excluded.country, attributes = excluded.attributes, tags = excluded.tags,
                version = users.version + 1, updated_at = now()
            returning id, email, phone, locale, time_zone, country, attributes::text, tags, version, created_at, updated_at
            """;

        public const string Replace = """
            update users
            set email = @email, phone = @phone, locale = @locale, time_zone = @timeZone, country = @country,
                attributes = @attributes::jsonb, tags = @tags, version = version + 1, updated_at = now()
            where id = @id and version = @version
            returning id, email, phone, locale, time_zone, country, attributes::text, tags, version, created_at, updated_at
            """;

        public const string Delete = "delete from users where id = @id";
    }
}
