using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue.Hangfire;

/// Connections for Hangfire, and for those statements of ours that share a transaction with it: they join one only if their
/// connection strings are the very same. A pool of its own, which cannot starve the server's.
internal sealed class Connections(DatabaseAddress address, IOptions<HangfireOptions> options) : IConnectionFactory
{
    private string? connectionString;

    /// Read late: an embedded PostgreSQL has no address before it runs.
    public NpgsqlConnection GetOrCreateConnection() => new(connectionString ??= new NpgsqlConnectionStringBuilder(address.ConnectionString)
    {
        ApplicationName = "notification-server hangfire",
        MaxPoolSize = options.Value.MaxPoolSize,
    }.ConnectionString);
}
