using NotificationServer.Channels.Sms;

namespace NotificationServer.Tracking;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "A person's choice could not be read or stored")]
    public static partial void NotStored(ILogger log, Exception exception);

    [LoggerMessage(6002, LogLevel.Warning, "Receipts of {Vendor} were not let in: {Verdict}")]
    public static partial void ReceiptsRefused(ILogger log, string vendor, InboundVerdict verdict);

    [LoggerMessage(6003, LogLevel.Debug, "{Vendor} told {Events} events, {New} of them new")]
    public static partial void ReceiptsTaken(ILogger log, string vendor, int events, int @new);

    [LoggerMessage(6004, LogLevel.Warning, "Receipts of {Vendor} could not be stored; it tells them again")]
    public static partial void ReceiptsNotStored(ILogger log, string vendor, Exception exception);

    [LoggerMessage(6005, LogLevel.Information, "A bounce mail was read: {Events} events, {New} of them new")]
    public static partial void BounceRead(ILogger log, int events, int @new);

    [LoggerMessage(6006, LogLevel.Warning, "A mail in the bounce directory is no report that can be read; it is put aside")]
    public static partial void BounceNotRead(ILogger log);

    [LoggerMessage(6007, LogLevel.Warning, "The bounce directory could not be worked; it is tried again")]
    public static partial void BouncesFailed(ILogger log, Exception exception);

    [LoggerMessage(6008, LogLevel.Warning, "{Signs} opens and clicks could not be written; trying again")]
    public static partial void SignsNotWritten(ILogger log, int signs, Exception exception);

    [LoggerMessage(6009, LogLevel.Warning, "{Signs} opens and clicks were not counted: more came than could be written")]
    public static partial void SignsDropped(ILogger log, long signs);

    [LoggerMessage(6010, LogLevel.Error, "An open or a click cannot be stored; it is not counted")]
    public static partial void SignsRefused(ILogger log, Exception exception);
}
