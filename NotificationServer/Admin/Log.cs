namespace NotificationServer.Admin;

internal static partial class Log
{
    // The one secret that is logged on purpose: it is how the owner of this server proves to be that. It works once, for a day,
    // and only while there is no administrator.
    [LoggerMessage(900, LogLevel.Warning,
        "Nobody administers this server yet. Open /admin/setup and enter this token, once, within a day: {Token}")]
    public static partial void SetupToken(ILogger log, string token);

    [LoggerMessage(901, LogLevel.Information, "Signed in: {StaffId}")]
    public static partial void SignedIn(ILogger log, Guid staffId);

    [LoggerMessage(902, LogLevel.Warning, "Sign-in refused: {Reason}")]
    public static partial void SignInRefused(ILogger log, string reason);

    [LoggerMessage(903, LogLevel.Information, "Signed out: {StaffId}")]
    public static partial void SignedOut(ILogger log, string? staffId);
}
