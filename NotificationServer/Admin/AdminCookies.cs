namespace NotificationServer.Admin;

/// `__Host-` binds a cookie to this very host over HTTPS. Development runs on plain http on loopback, where only some browsers
/// accept a secure cookie; there, and only there, the cookie is as secure as the request.
internal static class AdminCookies
{
    public static string Name(IHostEnvironment environment, string what) =>
        environment.IsDevelopment() ? $"ns-{what}" : $"__Host-ns-{what}";

    public static CookieSecurePolicy Secure(IHostEnvironment environment) =>
        environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
}
