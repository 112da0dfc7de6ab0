namespace NotificationServer.Platform;

/// What our own PostgreSQL is told beyond its defaults. Sized for a developer's machine; nothing here gives up durability.
internal static class PostgresSettings
{
    public const string FileName = "notification-server.conf";

    public static string For(int port) => $"""
        # Written at every start: changes made here are lost. Put your own into postgresql.conf, below the include.
        listen_addresses = '127.0.0.1'
        port = {port}
        unix_socket_directories = ''
        max_connections = 300
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        shared_buffers = 256MB
        max_wal_size = 2GB
        wal_compression = on
        random_page_cost = 1.1
        jit = off
        autovacuum_naptime = 15s
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_checkpoints = off
        """ + "\n";
}
