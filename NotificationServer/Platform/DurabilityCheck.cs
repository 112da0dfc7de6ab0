using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// "202 means durable" is only as true as the database's settings: a PostgreSQL that may forget what it confirmed is refused.
internal sealed class DurabilityCheck(NpgsqlDataSource db, IOptions<DatabaseOptions> options)
{
    private sealed record Setting(string Name, string Value);

    public async Task RunAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var settings = (await connection.QueryAsync<Setting>(new CommandDefinition(Sql.Settings, cancellationToken: ct)))
            .ToDictionary(setting => setting.Name, setting => setting.Value);

        var version = int.Parse(settings["server_version_num"], CultureInfo.InvariantCulture) / 10_000;
        if (version < PostgresBinaries.OldestVersion)
            throw new StartupException($"The database is PostgreSQL {version}; {PostgresBinaries.OldestVersion} or newer is needed.");

        var off = settings.Where(setting => setting.Value == "off").Select(setting => setting.Key).Order().ToArray();
        if (off.Length > 0 && options.Value.RequireDurability)
        {
            throw new StartupException(
                $"The database may lose what it has confirmed: {string.Join(", ", off)} is off. Switch it on, or set Database__RequireDurability=false "
                + "where losing notifications is fine.");
        }
    }

    internal static class Sql
    {
        // pg_settings shows what this session has: a default set on the role or the database counts too.
        public const string Settings = """
            select name, setting as value
            from pg_settings
            where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num')
            """;
    }
}
