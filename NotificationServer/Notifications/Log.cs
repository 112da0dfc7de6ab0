namespace NotificationServer.Notifications;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "A batch of {Requests} requests could not be stored ({Cause}); they are stored one by one")]
    public static partial void BatchSplit(ILogger log, int requests, string cause);
}
