using Npgsql;

namespace NotificationServer.Platform;

/// Which database this node uses: the one it was given, else its own.
internal sealed class DatabaseAddress(IConfiguration configuration, EmbeddedPostgres embedded)
{
    private readonly string? given = configuration.GetConnectionString("Default") is { Length: > 0 } text ? text : null;

    public bool IsEmbedded => given is null;

    public string ConnectionString => given ?? embedded.ConnectionString;

    /// Of the role that owns the tables and changes the schema, where the servers' own role may not; null: it may.
    public string? OwnerConnectionString { get; } = configuration.GetConnectionString("Migrations") is { Length: > 0 } text ? text : null;

    /// Over the network, and nobody makes sure that it is the right server that answers, or that nobody listens.
    public bool IsUnverified => given is not null && new NpgsqlConnectionStringBuilder(given) is { SslMode: not (SslMode.VerifyFull or SslMode.VerifyCA) } said
        && said.Host?.Split(',').Any(host => !IsHere(host.Trim())) == true;

    // A path is a socket of this machine.
    private static bool IsHere(string host) => host.StartsWith('/') || host.Split(':')[0] is "localhost" or "127.0.0.1" or "" || host.StartsWith("::1", StringComparison.Ordinal) || host.StartsWith("[::1]", StringComparison.Ordinal);
}
