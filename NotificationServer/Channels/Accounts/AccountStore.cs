using Dapper;
using Npgsql;

namespace NotificationServer.Channels.Accounts;

/// The rows of accounts and routing rules. Writing them is the editors' part, in transactions of their own.
internal sealed class AccountStore(NpgsqlDataSource db)
{
    internal sealed record Everything(long Version, int RulesVersion, IReadOnlyList<StoredAccount> Accounts, IReadOnlyList<RoutingRule> Rules);

    public async Task<long> VersionAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Version, cancellationToken: ct));
    }

    public async Task<Everything> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(Sql.Everything, cancellationToken: ct));
        // The version comes first: what is stored while this is read is read again, never missed.
        var (version, rulesVersion) = await rows.ReadSingleAsync<(long, int)>();
        return new Everything(version, rulesVersion, (await rows.ReadAsync<StoredAccount>()).AsList(), (await rows.ReadAsync<RoutingRule>()).AsList());
    }

    public async Task<StoredAccount?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredAccount>(new CommandDefinition(Sql.Find, new { key }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Version = "select version from provider_catalog";

        public const string Everything = """
            select version, rules_version from provider_catalog;

            select key, vendor, channels, markets, apps, position, weight, rate_per_second, daily_cap, warm_up_from, warm_up_first_day, warm_up_growth,
                enabled, settings::text as settings, secrets, secrets_key, version, created_at, updated_at, updated_by
            from provider_accounts
            order by position, key;

            select key, channels, countries, apps, categories, templates, accounts
            from routing_rules
            order by position
            """;

        public const string Find = """
            select key, vendor, channels, markets, apps, position, weight, rate_per_second, daily_cap, warm_up_from, warm_up_first_day, warm_up_growth,
                enabled, settings::text as settings, secrets, secrets_key, version, created_at, updated_at, updated_by
            from provider_accounts
            where key = @key
            """;
    }
}
