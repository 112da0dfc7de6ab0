namespace NotificationServer.Channels;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "The inbox could not be trimmed; it is tried again after the next rows")]
    public static partial void InboxNotTrimmed(ILogger log, Exception exception);

    [LoggerMessage(5002, LogLevel.Information, "Providers: push {Push}; SMS {Sms}; e-mail {Email}; inbox {Inbox}")]
    public static partial void Routes(ILogger log, string push, string sms, string email, string inbox);

    [LoggerMessage(5007, LogLevel.Error, "The connector of {Account} broke with message {Message}, which may be out")]
    public static partial void ConnectorBroke(ILogger log, string account, Guid message, Exception exception);

    [LoggerMessage(5003, LogLevel.Error, "The account {Account} cannot be used here: {Problem}")]
    public static partial void AccountUseless(ILogger log, string account, string problem);

    [LoggerMessage(5004, LogLevel.Information, "There are {Accounts} provider accounts and {Rules} routing rules")]
    public static partial void AccountsRead(ILogger log, int accounts, int rules);

    [LoggerMessage(5005, LogLevel.Warning, "The provider accounts cannot be read; what is known of them holds meanwhile")]
    public static partial void AccountsUnread(ILogger log, Exception exception);

    [LoggerMessage(5006, LogLevel.Warning, "A callback was not read: {Bytes} bytes of callbacks are held already until their signatures are checked")]
    public static partial void CallbackRefused(ILogger log, long bytes);
}
