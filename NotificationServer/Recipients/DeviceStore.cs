using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Recipients;

internal sealed record Device
{
    public required string Id { get; init; }
    public required string Platform { get; init; }
    public required string PushProvider { get; init; }
    public required string Token { get; init; }
    public string? AppId { get; init; }
    public string? AppVersion { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public string? InstallId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? RetiredAt { get; init; }
    public string? RetiredReason { get; init; }
}

internal sealed class DeviceStore(NpgsqlDataSource db)
{
    /// Null: there is no such user.
    public async Task<IReadOnlyList<Device>?> ListAsync(RecipientId user, string after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = await connection.QueryAsync<Device>(new CommandDefinition(Sql.List, new { user = user.Value, after, limit }, cancellationToken: ct));
        if (found.AsList() is { Count: > 0 } devices)
            return devices;
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsKnown, new { user = user.Value }, cancellationToken: ct)) ? [] : null;
    }

    /// False: there is no such user. Token and installation leave whoever had them before: a phone that was set up again, or handed on,
    /// gets nothing twice and nothing that is meant for somebody else.
    public async Task<bool> PutAsync(RecipientId user, Device device, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two registrations of one token, or of one user, at once: the second waits for the first and then sees its row.
        await connection.ExecuteAsync(new CommandDefinition(Sql.Lock,
            new { device.PushProvider, device.Token, device.AppId, device.InstallId }, transaction, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.MoveAway,
            new { user = user.Value, device.Id, device.PushProvider, device.Token, device.AppId, device.InstallId }, transaction, cancellationToken: ct));
        var stored = await connection.ExecuteAsync(new CommandDefinition(Sql.Put, new
        {
            user = user.Value,
            device.Id,
            device.Platform,
            device.PushProvider,
            device.Token,
            device.AppId,
            device.AppVersion,
            device.Locale,
            device.TimeZone,
            device.InstallId,
        }, transaction, cancellationToken: ct));
        if (stored == 0)
            return false; // rolls back: nobody loses a token to a user that does not exist

        await transaction.CommitAsync(ct);
        return true;
    }

    public async Task<bool> DeleteAsync(RecipientId user, RecipientId device, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            new CommandDefinition(Sql.Delete, new { user = user.Value, id = device.Value }, cancellationToken: ct)) == 1;
    }

    /// By a colleague, who says why.
    public async Task<bool> RemoveAsync(RecipientId user, RecipientId device, string by, string reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { user = user.Value, id = device.Value }, cancellationToken: ct)) == 0)
            return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "device.remove", $"user:{user.Value}")
        {
            Before = new() { ["device"] = device.Value }, Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    internal static class Sql
    {
        public const string IsKnown = "select exists (select from users where id = @user)";

        public const string List = """
            select id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id,
                created_at, updated_at, retired_at, retired_reason
            from devices
            where user_id = @user and id > @after
            order by id
            limit @limit
            """;

        // First shared what many at once take whole, then the token, then the installation: always in this order.
        public const string Lock = """
            select pg_advisory_xact_lock_shared(hashtextextended('devices', 0));
            select pg_advisory_xact_lock(hashtextextended(concat(@pushProvider::text, ':', @token::text), 0));
            select pg_advisory_xact_lock(hashtextextended(concat('install:', @appId::text, ':', @installId::text), 0)) where @installId::text is not null
            """;

        public const string MoveAway = """
            delete from devices
            where push_provider = @pushProvider and md5(token) = md5(@token) and token = @token and (user_id, id) <> (@user, @id);

            delete from devices
            where install_id = @installId::text and coalesce(app_id, '') = coalesce(@appId::text, '') and (user_id, id) <> (@user, @id)
            """;

        // Whoever registers again is alive again.
        public const string Put = """
            insert into devices (user_id, id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id)
            select u.id, @id, @platform, @pushProvider, @token, @appId, @appVersion, @locale, @timeZone, @installId
            from users u
            where u.id = @user
            on conflict (user_id, id) do update set
                platform = excluded.platform, push_provider = excluded.push_provider, token = excluded.token, app_id = excluded.app_id,
                app_version = excluded.app_version, locale = excluded.locale, time_zone = excluded.time_zone, install_id = excluded.install_id,
                updated_at = now(), retired_at = null, retired_reason = null
            """;

        public const string Delete = "delete from devices where user_id = @user and id = @id";
    }
}
