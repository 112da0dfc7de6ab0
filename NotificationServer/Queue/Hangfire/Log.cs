namespace NotificationServer.Queue.Hangfire;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Warning, "Messages of {Channel} could not be given to Hangfire; trying again")]
    public static partial void PublishingFailed(ILogger log, string channel, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "Hangfire's queues of {Channel} cannot be read; trying again")]
    public static partial void FetchingFailed(ILogger log, string channel, Exception exception);

    [LoggerMessage(EventId = 1103, Message = "{Words}")]
    public static partial void Said(ILogger log, LogLevel level, string words, Exception? exception);
}
