namespace NotificationServer.Recipients;

internal static partial class Log
{
    [LoggerMessage(2501, LogLevel.Warning, "An import was interrupted; it goes on")]
    public static partial void ImportInterrupted(ILogger log, Exception exception);
}
