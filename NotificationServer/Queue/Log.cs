namespace NotificationServer.Queue;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "{Jobs} jobs had lost their node and are ready again")]
    public static partial void Rescued(ILogger log, int jobs);

    [LoggerMessage(1002, LogLevel.Warning, "{Sweep} could not reach the database; it tries again")]
    public static partial void SweepFailed(ILogger log, string sweep, Exception exception);

    [LoggerMessage(1003, LogLevel.Critical, "{Jobs} messages are quarantined: the nodes that held them died {Crashes} times. Look at them before you requeue them")]
    public static partial void Quarantined(ILogger log, int jobs, int crashes);
}
