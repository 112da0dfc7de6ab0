namespace NotificationServer.Delivery.Rates;

internal static partial class Log
{
    [LoggerMessage(3201, LogLevel.Warning, "The rate of {Account} cannot be read; its messages wait")]
    public static partial void RatesUnavailable(ILogger log, string account, Exception exception);
}
