using Dapper;
using NotificationServer.Platform;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Supply;

/// docs/containers/passwords.sql as the database's image runs it, but for the folder of the secrets and the names, which are of the whole PostgreSQL.
public sealed class DatabasePasswordsTests : IAsyncLifetime
{
    private readonly string app = $"ns_app_{Guid.CreateVersion7():N}";
    private readonly string owner = $"ns_owner_{Guid.CreateVersion7():N}";
    private readonly DirectoryInfo secrets = Directory.CreateTempSubdirectory("ns-passwords-");

    public Task InitializeAsync() => PostgresServer.ExecuteAsync($"create role {app} login; create role {owner} login");

    public async Task DisposeAsync()
    {
        secrets.Delete(recursive: true);
        await PostgresServer.ExecuteAsync($"drop role {app}; drop role {owner}");
    }

    [Fact]
    public async Task Each_role_has_the_password_of_its_file()
    {
        await WriteAsync("app_password", "5f1c'; drop role x; --\n");
        await WriteAsync("owner_password", "90ab\n");
        var script = await WriteAsync("passwords.sql", "set password_encryption = 'md5';\n" + Source.Read("docs/containers/passwords.sql") // md5: what is stored can be told from the password
            .Replace("/run/secrets", secrets.FullName, StringComparison.Ordinal).Replace("notifications_app", app, StringComparison.Ordinal).Replace("notifications_owner", owner, StringComparison.Ordinal));

        var psql = Subprocess.Find("psql") ?? Path.Combine((await PostgresBinaries.FindAsync(default)).Folder, "psql");
        var ran = await Subprocess.RunAsync([psql, "-v", "ON_ERROR_STOP=1", "--no-psqlrc", "-d", Address(), "-f", script], default);

        Assert.True(ran.Succeeded, ran.Output);
        Assert.True(await IsAsync(app, "5f1c'; drop role x; --"));
        Assert.True(await IsAsync(owner, "90ab"));
    }

    private static string Address()
    {
        var admin = new NpgsqlConnectionStringBuilder(PostgresServer.AdminConnectionString);
        return $"host={admin.Host} port={admin.Port} user={admin.Username} dbname={admin.Database}" + (admin.Password is { Length: > 0 } password ? $" password={password}" : "");
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(secrets.FullName, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static async Task<bool> IsAsync(string role, string password)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.AdminConnectionString);
        return await connection.ExecuteScalarAsync<bool>("select rolpassword = 'md5' || md5(@password || rolname) from pg_authid where rolname = @role", new { role, password });
    }
}
