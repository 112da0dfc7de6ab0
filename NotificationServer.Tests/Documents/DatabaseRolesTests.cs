using Dapper;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Documents;

/// docs/database.md's two roles as they are typed; what the server can and cannot do with them is LeastPrivilegeTests.
public sealed class DatabaseRolesTests : IAsyncLifetime
{
    private const string Password = "seven-quiet-herons";
    private readonly string name = $"ns_test_roles_{Guid.CreateVersion7():N}";
    private readonly string app = $"ns_app_{Guid.CreateVersion7():N}";
    private readonly string owner = $"ns_owner_{Guid.CreateVersion7():N}";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-roles-");

    public async Task InitializeAsync()
    {
        // Roles are of the whole PostgreSQL.
        var script = Source.Read("docs/database-roles.sql").Replace("notifications_app", app, StringComparison.Ordinal).Replace("notifications_owner", owner, StringComparison.Ordinal);
        folder.CreateSubdirectory("docs");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "docs", "database-roles.sql"), script);
    }

    public async Task DisposeAsync()
    {
        folder.Delete(recursive: true);
        await PostgresServer.ExecuteAsync($"drop database if exists {name} with (force)");
        await PostgresServer.ExecuteAsync($"drop role if exists {app}; drop role if exists {owner}");
    }

    [Fact]
    public async Task A_database_is_made_for_an_owner_and_for_servers_that_own_nothing()
    {
        var lines = DatabaseTools.Lines("createdb").Select(line => line.Replace("Host=...;Username=notifications_owner;...", As(owner), StringComparison.Ordinal).With(name)).ToList();
        var migrate = lines.FindIndex(line => line.EndsWith("migrate", StringComparison.Ordinal));

        await DatabaseTools.TypeAsync(folder.FullName, lines[..migrate]);
        await PostgresServer.ExecuteAsync($"alter role {owner} password '{Password}'; alter role {app} password '{Password}'"); // \password asks a person
        await DatabaseTools.TypeAsync(folder.FullName, lines[migrate..]);

        await using var connection = new NpgsqlConnection(As(app) + ";Pooling=false");
        Assert.Equal(owner, await connection.ExecuteScalarAsync<string>("select tableowner from pg_tables where tablename = 'messages'"));
        Assert.True(await connection.ExecuteScalarAsync<bool>("select has_table_privilege('messages', 'insert') and has_table_privilege('audit_log', 'insert')"));
        Assert.False(await connection.ExecuteScalarAsync<bool>("select has_table_privilege('audit_log', 'update') or has_table_privilege('audit_log', 'delete')"));
    }

    private string As(string role) =>
        new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionStringFor(name)) { Username = role, Password = Password }.ConnectionString;
}
