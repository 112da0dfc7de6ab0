using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Platform;

/// How this node talks to PostgreSQL. What the connection string says itself always wins.
internal sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// Per node. All nodes together must stay below the server's max_connections.
    [Range(2, 1000)]
    public int MaxPoolSize { get; init; } = 40;

    /// How long to wait for a connection.
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// How long this side waits for an answer. Below <see cref="StatementTimeout"/>, which then ends the statement on the server too.
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// A peer that vanished without a word is noticed by this.
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// Sends the three limits below when a connection is opened. PgBouncer in transaction mode refuses such start-up parameters:
    /// switch it off there and set the limits on the role (`alter role ... set statement_timeout = ...`).
    public bool SendSessionLimits { get; init; } = true;

    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(3);

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// A node that froze inside a transaction loses it, so that its locks never outlive it for long.
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleInTransactionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// How long one migration may take, waiting for another node's migration included.
    [Range(typeof(TimeSpan), "00:00:10", "24:00:00")]
    public TimeSpan MigrationTimeout { get; init; } = TimeSpan.FromHours(1);

    /// How far the read replica of <c>ConnectionStrings:Reports</c> may be behind; further, and reports are read from the database itself.
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReportsMaxLag { get; init; } = TimeSpan.FromMinutes(1);

    /// How long a migration waits for a lock before it lets everybody else through and tries again. Whatever queues behind it waits as long.
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan MigrationLockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// Refuse a PostgreSQL that may lose what it has confirmed. Off only where losing messages is fine.
    public bool RequireDurability { get; init; } = true;
}
