namespace NotificationServer.Delivery;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "The queue of {Channel} cannot be read; trying again")]
    public static partial void QueueUnavailable(ILogger log, string channel, Exception exception);

    [LoggerMessage(3002, LogLevel.Error, "An attempt of message {Message} broke; it is retried")]
    public static partial void AttemptBroke(ILogger log, Guid message, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "{Results} results could not be written; trying again")]
    public static partial void RecordingFailed(ILogger log, int results, Exception exception);

    [LoggerMessage(3004, LogLevel.Warning, "{Jobs} jobs were no longer ours when their result was written")]
    public static partial void LeasesLost(ILogger log, int jobs);

    [LoggerMessage(3005, LogLevel.Error, "Message {Message} could not be rendered: {Error}")]
    public static partial void NotRendered(ILogger log, Guid message, string error);

    [LoggerMessage(3007, LogLevel.Warning, "The leases could not be renewed; trying again")]
    public static partial void LeasesNotRenewed(ILogger log, Exception exception);

    [LoggerMessage(3008, LogLevel.Warning, "{Jobs} leases were lost: this node or its database was away for too long")]
    public static partial void LeasesGone(ILogger log, int jobs);

    [LoggerMessage(3009, LogLevel.Error, "The loop of {Channel} broke; it starts again")]
    public static partial void LoopBroke(ILogger log, string channel, Exception exception);

    [LoggerMessage(3010, LogLevel.Error, "A claim of {Channel} broke before its {Jobs} jobs were started; they are retried")]
    public static partial void ClaimBroke(ILogger log, string channel, int jobs, Exception exception);

    [LoggerMessage(3011, LogLevel.Error, "The result of message {Message} cannot be stored; its lease is left to run out")]
    public static partial void ResultRefused(ILogger log, Guid message, Exception exception);

    [LoggerMessage(3012, LogLevel.Warning, "Opens and clicks are wanted but not tracked: Links:PublicUrl is not set")]
    public static partial void NotTracked(ILogger log);

    [LoggerMessage(3013, LogLevel.Warning, "It could not be looked whether messages were sent twice; the figure may be too low")]
    public static partial void RepeatsUncounted(ILogger log, Exception exception);
}
