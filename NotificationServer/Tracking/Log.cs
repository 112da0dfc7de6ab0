namespace NotificationServer.Tracking;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "A person's choice could not be read or stored")]
    public static partial void NotStored(ILogger log, Exception exception);
}
