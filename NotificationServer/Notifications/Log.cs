namespace NotificationServer.Notifications;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "A batch of {Requests} requests was refused by the database ({SqlState}); they are stored one by one")]
    public static partial void BatchSplit(ILogger log, int requests, string sqlState);
}
