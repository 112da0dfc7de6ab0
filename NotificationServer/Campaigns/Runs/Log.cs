namespace NotificationServer.Campaigns.Runs;

internal static partial class Log
{
    [LoggerMessage(9101, LogLevel.Warning, "A step of a campaign was interrupted and undone; it is done again")]
    public static partial void StepInterrupted(ILogger log, Exception exception);

    [LoggerMessage(9102, LogLevel.Error, "A step of the campaign run {Run} broke and was undone; it is tried again")]
    public static partial void RunBroke(ILogger log, Guid run, Exception exception);
}
