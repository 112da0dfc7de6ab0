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

    [LoggerMessage(904, LogLevel.Warning, "A mail to somebody of the admin app did not leave through {Account}: {Code} {Detail}")]
    public static partial void StaffMailFailed(ILogger log, string account, string? code, string? detail);

    [LoggerMessage(905, LogLevel.Error, "A forgotten password could not be looked after")]
    public static partial void ForgottenPasswordFailed(ILogger log, Exception e);

    [LoggerMessage(906, LogLevel.Warning, "The company's sign-in was refused: {Reason}")]
    public static partial void CompanySignInRefused(ILogger log, string reason);
}
