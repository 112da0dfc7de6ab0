namespace NotificationServer.Delivery.Gates;

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Error, "{Account} is left alone for now: {Reason}. Its messages wait, nothing is counted against them, and it is tried again by itself")]
    public static partial void AccountClosed(ILogger log, string account, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "{Account} still fails, so it is left alone for longer: {Reason}")]
    public static partial void ProbeFailed(ILogger log, string account, string reason);

    [LoggerMessage(3103, LogLevel.Information, "{Account} works again; its messages go on")]
    public static partial void AccountOpen(ILogger log, string account);

    [LoggerMessage(3104, LogLevel.Error, "{Account} asked us to wait for {Wait} or longer: look whether its limits or its clock are right")]
    public static partial void VeryLongWait(ILogger log, string account, TimeSpan wait);

    [LoggerMessage(3105, LogLevel.Warning, "The gates of the providers cannot be read; what is known of them holds meanwhile")]
    public static partial void GatesUnavailable(ILogger log, Exception exception);
}
