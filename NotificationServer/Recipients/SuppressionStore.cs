using Dapper;
using Npgsql;

namespace NotificationServer.Recipients;

/// An address that must not be sent to on a channel, whoever it belongs to.
internal sealed record Suppression
{
    public required string Address { get; init; }
    public required string Channel { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed class SuppressionStore(NpgsqlDataSource db)
{
    public static readonly string[] Reasons = ["hard_bounce", "complaint", "manual", "invalid_token"];

    /// In the order of the key, from behind (`afterAddress`, `afterChannel`).
    public async Task<IReadOnlyList<Suppression>> ListAsync(
        string? address, string? channel, string afterAddress, string afterChannel, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Suppression>(new CommandDefinition(
            Sql.List, new { address, channel, afterAddress, afterChannel, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<Suppression> PutAsync(Suppression suppression, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Suppression>(new CommandDefinition(
            Sql.Put, new { suppression.Address, suppression.Channel, suppression.Reason, suppression.ExpiresAt }, cancellationToken: ct));
    }

    public async Task<bool> DeleteAsync(string address, string channel, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { address, channel }, cancellationToken: ct)) == 1;
    }

    internal static class Sql
    {
        public const string List = """
            select address, channel, reason, created_at, expires_at
            from suppressions
            where (expires_at is null or expires_at > now())
                and (@address::text is null or address = @address) and (@channel::text is null or channel = @channel)
                and (address, channel) > (@afterAddress, @afterChannel)
            order by address, channel
            limit @limit
            """;

        public const string Put = """
            insert into suppressions (address, channel, reason, expires_at)
            values (@address, @channel, @reason, @expiresAt::timestamptz)
            on conflict (address, channel) do update set reason = excluded.reason, expires_at = excluded.expires_at, created_at = now()
            returning address, channel, reason, created_at, expires_at
            """;

        public const string Delete = "delete from suppressions where address = @address and channel = @channel";
    }
}
