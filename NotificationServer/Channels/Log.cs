namespace NotificationServer.Channels;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "The inbox could not be trimmed; it is tried again after the next rows")]
    public static partial void InboxNotTrimmed(ILogger log, Exception exception);

    [LoggerMessage(5002, LogLevel.Information, "Providers: push {Push}; SMS {Sms}; e-mail {Email}; inbox {Inbox}")]
    public static partial void Routes(ILogger log, string push, string sms, string email, string inbox);
}
