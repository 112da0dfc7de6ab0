using Dapper;
using Npgsql;
using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Inbox;

/// A database of its own with the server's schema.
public sealed class InboxDatabase : IAsyncLifetime
{
    private readonly string name = "ch_" + Guid.CreateVersion7().ToString("N");

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await AdminAsync($"create database {name}");
        Source = NpgsqlDataSource.Create(PostgresServer.ConnectionStringFor(name));
        await using var connection = await Source.OpenConnectionAsync();
        using var schema = new StreamReader(typeof(Channel).Assembly.GetManifestResourceStream("migrations/0001_foundation.sql")!);
        await connection.ExecuteAsync(await schema.ReadToEndAsync());
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await AdminAsync($"drop database {name} with (force)");
    }

    private static async Task AdminAsync(string command)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.AdminConnectionString);
        await connection.ExecuteAsync(command);
    }
}
