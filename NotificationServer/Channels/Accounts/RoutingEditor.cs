using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Channels.Accounts;

/// Replaces the routing rules, all at once: an order that is half new would send to the wrong places.
internal sealed class RoutingEditor(NpgsqlDataSource db, AccountsKeeper keeper)
{
    /// The new version; null: they were changed since.
    public async Task<int?> PutAsync(IReadOnlyList<RoutingRule> rules, int? expectedVersion, string actor, string? reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locks the one row, so that of two writers the second sees what the first did.
        var version = await connection.QuerySingleAsync<int>(new CommandDefinition(Sql.Raise, cancellationToken: ct));
        if (expectedVersion is { } expected && version != expected + 1) return null;
        var before = (await connection.QueryAsync<RoutingRule>(new CommandDefinition(Sql.Clear, cancellationToken: ct))).AsList();
        foreach (var (position, rule) in rules.Index())
            await connection.ExecuteAsync(new CommandDefinition(Sql.Add, new
            {
                position, rule.Key, rule.Channels, rule.Countries, rule.Apps, rule.Categories, rule.Templates, rule.Accounts,
            }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "routing_rules.put", "routing_rules")
        {
            Before = new() { ["rules"] = before }, After = new() { ["rules"] = rules }, Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        await keeper.RunOnceAsync(ct);
        return version;
    }

    internal static class Sql
    {
        public const string Raise = "update provider_catalog set version = version + 1, rules_version = rules_version + 1 returning rules_version";

        public const string Clear = """
            delete from routing_rules returning key, channels, countries, apps, categories, templates, accounts
            """;

        public const string Add = """
            insert into routing_rules (position, key, channels, countries, apps, categories, templates, accounts)
            values (@position, @Key, @Channels::text[], @Countries::text[], @Apps::text[], @Categories::text[], @Templates::text[], @Accounts::text[])
            """;
    }
}
