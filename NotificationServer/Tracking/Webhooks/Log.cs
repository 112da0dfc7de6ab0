namespace NotificationServer.Tracking.Webhooks;

internal static partial class Log
{
    [LoggerMessage(6101, LogLevel.Warning, "The webhook endpoint {Endpoint} was disabled: {Reason}. What waits for it is kept until it is enabled again")]
    public static partial void EndpointDisabled(ILogger log, string endpoint, string reason);

    [LoggerMessage(6102, LogLevel.Warning, "Webhooks cannot be claimed; trying again")]
    public static partial void NotClaimed(ILogger log, Exception exception);

    [LoggerMessage(6103, LogLevel.Warning, "What became of {Count} webhooks cannot be stored; trying again")]
    public static partial void NotStored(ILogger log, int count, Exception exception);

    [LoggerMessage(6104, LogLevel.Error, "The secret of the webhook endpoint {Endpoint} cannot be decrypted here: is the key of that name set?")]
    public static partial void SecretUnreadable(ILogger log, string endpoint);

    [LoggerMessage(6105, LogLevel.Error, "Webhooks stumbled over a defect; they go on")]
    public static partial void Broke(ILogger log, Exception exception);

    [LoggerMessage(6106, LogLevel.Information, "{Count} webhooks had been under way on a node that is gone; they are sent again")]
    public static partial void TakenBack(ILogger log, int count);
}
