using NotificationServer.Channels.Sms;

namespace NotificationServer.Api;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Error, "An unforeseen error ended a request")]
    public static partial void Unforeseen(ILogger log, Exception exception);

    [LoggerMessage(201, LogLevel.Warning, "The database could not serve a request")]
    public static partial void DatabaseUnavailable(ILogger log, Exception exception);

    [LoggerMessage(202, LogLevel.Warning, "Could not note when API keys were last used")]
    public static partial void KeyUseNotNoted(ILogger log, Exception exception);

    [LoggerMessage(204, LogLevel.Warning, "A callback of {Account} was not let in: {Verdict}")]
    public static partial void CallbackRefused(ILogger log, string account, InboundVerdict verdict);

    [LoggerMessage(205, LogLevel.Information, "A text came by {Account}: {Intent} (new: {IsNew})")]
    public static partial void SmsTaken(ILogger log, string account, string intent, bool isNew);

    [LoggerMessage(203, LogLevel.Information, "Issued API key {Key} for client {Client}")]
    public static partial void KeyIssued(ILogger log, string key, string client);
}
