using Dapper;
using NotificationServer.Platform;
using NotificationServer.Recipients.Privacy;
using Npgsql;

namespace NotificationServer.Recipients;

/// A colleague's hand on one person's profile: stored together with its row in the audit log, which tells addresses masked and of
/// the attributes only whether they changed.
internal sealed class UserEditor(NpgsqlDataSource db)
{
    /// Null: there is one of this id already.
    public async Task<StoredUser?> CreateAsync(RecipientId id, UserProfile profile, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var created = await connection.QuerySingleOrDefaultAsync<StoredUser>(
            new CommandDefinition(Sql.Create, UserStore.Parameters(id, profile, null), cancellationToken: ct));
        if (created is null) return null;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.create", $"user:{id.Value}") { After = Told(created, null) }, ct);
        await transaction.CommitAsync(ct);
        return created;
    }

    /// Null: there is no such user, or no longer in that version.
    public async Task<StoredUser?> ReplaceAsync(RecipientId id, UserProfile profile, int version, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await connection.QuerySingleOrDefaultAsync<StoredUser>(new CommandDefinition(UserStore.Sql.Find, new { id = id.Value }, cancellationToken: ct));
        var stored = await connection.QuerySingleOrDefaultAsync<StoredUser>(
            new CommandDefinition(UserStore.Sql.Replace, UserStore.Parameters(id, profile, version), cancellationToken: ct));
        if (before is null || stored is null) return null;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.change", $"user:{id.Value}") { Before = Told(before, stored), After = Told(stored, before) }, ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    /// Only what is different from the other.
    private static Dictionary<string, object?> Told(StoredUser user, StoredUser? other)
    {
        var told = new Dictionary<string, object?>();
        void Tell(string name, string? value, string? others, Func<string, string>? mask = null)
        {
            if (other is null ? value is not null : value != others) told[name] = value is null ? null : mask?.Invoke(value) ?? value;
        }
        Tell("email", user.Email, other?.Email, Masked.Any);
        Tell("phone", user.Phone, other?.Phone, Masked.Any);
        Tell("locale", user.Locale, other?.Locale);
        Tell("time_zone", user.TimeZone, other?.TimeZone);
        Tell("country", user.Country, other?.Country);
        Tell("tags", string.Join(", ", user.Tags), other is null ? null : string.Join(", ", other.Tags));
        if (other is not null && user.Attributes != other.Attributes) told["attributes"] = $"version {user.Version}";
        return told;
    }

    internal static class Sql
    {
        public const string Create = """
            insert into users (id, email, phone, locale, time_zone, country, attributes, tags)
            values (@id, @email, @phone, @locale, @timeZone, @country, @attributes::jsonb, @tags)
            on conflict (id) do nothing
            returning id, email, phone, locale, time_zone, country, attributes::text, tags, version, created_at, updated_at
            """;
    }
}
