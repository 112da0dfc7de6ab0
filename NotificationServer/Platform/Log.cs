namespace NotificationServer.Platform;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Applied migration {Migration}")]
    public static partial void MigrationApplied(ILogger log, string migration);

    [LoggerMessage(101, LogLevel.Warning, "The schema is at {Newest}, newer than this build, which knows {Known}")]
    public static partial void SchemaIsNewer(ILogger log, int newest, int known);
}
