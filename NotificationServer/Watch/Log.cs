namespace NotificationServer.Watch;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning, "It could not be looked whether something is wrong; trying again")]
    public static partial void NotLooked(ILogger log, Exception exception);

    [LoggerMessage(7002, LogLevel.Warning, "Alerts: {Raised} raised, {Cleared} over")]
    public static partial void Changed(ILogger log, int raised, int cleared);

    [LoggerMessage(7003, LogLevel.Warning, "Nobody could be told of alerts; trying again")]
    public static partial void NotTold(ILogger log, Exception exception);

    [LoggerMessage(7004, LogLevel.Warning, "The alert channel {Channel} could not be told, or not all of it: {Problem}")]
    public static partial void ChannelFailed(ILogger log, string channel, string problem);

    [LoggerMessage(7005, LogLevel.Critical, "The database has not answered for {Time}: {Channels} alert channels are told so")]
    public static partial void DatabaseAway(ILogger log, TimeSpan time, int channels);

    [LoggerMessage(7006, LogLevel.Error, "The watch broke; it goes on")]
    public static partial void Broke(ILogger log, Exception exception);
}
