namespace NotificationServer.Platform.Health;

internal static partial class Log
{
    [LoggerMessage(130, LogLevel.Information, "Told to stop: not ready any more, and answering for another {Delay}")]
    public static partial void Draining(ILogger log, TimeSpan delay);
}
