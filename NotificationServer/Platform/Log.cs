namespace NotificationServer.Platform;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Applied migration {Migration}")]
    public static partial void MigrationApplied(ILogger log, string migration);

    [LoggerMessage(101, LogLevel.Warning, "The schema is at {Newest}, newer than this build, which knows {Known}")]
    public static partial void SchemaIsNewer(ILogger log, int newest, int known);

    [LoggerMessage(102, LogLevel.Information, "Creating a PostgreSQL {Version} of our own in {Folder}")]
    public static partial void PostgresCreating(ILogger log, int version, string folder);

    [LoggerMessage(103, LogLevel.Information, "Our own PostgreSQL is still running on port {Port}: going on with it")]
    public static partial void PostgresAdopted(ILogger log, int port);

    [LoggerMessage(104, LogLevel.Error, "Our own PostgreSQL did not stop: {Output}")]
    public static partial void PostgresNotStopped(ILogger log, string output);

    [LoggerMessage(105, LogLevel.Information, "Made {Count} daily partitions ahead")]
    public static partial void PartitionsMade(ILogger log, int count);

    [LoggerMessage(106, LogLevel.Warning, "Could not make daily partitions ahead; trying again")]
    public static partial void PartitionsNotMade(ILogger log, Exception exception);

    [LoggerMessage(107, LogLevel.Information, "Dropped {Partition}: nobody asked to keep it longer")]
    public static partial void PartitionDropped(ILogger log, string partition);

    [LoggerMessage(108, LogLevel.Warning, "Could not drop what is old ({SqlState}); trying again")]
    public static partial void RetentionFailed(ILogger log, string sqlState, Exception exception);

    [LoggerMessage(109, LogLevel.Warning, "The book of chores could not be kept; the chores run without it")]
    public static partial void ChoresUnwritten(ILogger log, Exception exception);

    [LoggerMessage(117, LogLevel.Warning, "The read replica is {Behind} behind: reports are read from the database itself")]
    public static partial void ReplicaBehind(ILogger log, TimeSpan behind);

    [LoggerMessage(118, LogLevel.Warning, "The read replica cannot be reached: reports are read from the database itself")]
    public static partial void ReplicaAway(ILogger log, Exception exception);

    [LoggerMessage(119, LogLevel.Warning, "PostgreSQL is reached over a network without its certificate being verified: add SSL Mode=VerifyFull and Root Certificate to ConnectionStrings:Default")]
    public static partial void DatabaseUnverified(ILogger log);

    [LoggerMessage(110, LogLevel.Warning, "A figure could not be read for /metrics")]
    public static partial void GaugeFailed(ILogger log, Exception exception);

    [LoggerMessage(115, LogLevel.Warning, "Migration {Migration} waits for a table that is in use; trying again")]
    public static partial void MigrationWaits(ILogger log, string migration);
}
