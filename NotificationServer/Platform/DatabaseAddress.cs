namespace NotificationServer.Platform;

/// Which database this node uses: the one it was given, else its own.
internal sealed class DatabaseAddress(IConfiguration configuration, EmbeddedPostgres embedded)
{
    private readonly string? given = configuration.GetConnectionString("Default") is { Length: > 0 } text ? text : null;

    public bool IsEmbedded => given is null;

    public string ConnectionString => given ?? embedded.ConnectionString;
}
