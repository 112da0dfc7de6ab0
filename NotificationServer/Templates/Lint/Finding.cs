namespace NotificationServer.Templates.Lint;

internal enum Severity
{
    /// It may not be published.
    Error,
    /// It may, and somebody should have looked.
    Warning,
    /// Worth knowing: what it costs, what is left out.
    Info,
}

/// What lint has to say of one place. Pointer: as in the request (`/channels/email/html`, `/locales/de-CH/sms/body`). Locale null: the
/// default one. Mend: what to do about it.
internal sealed record Finding(Severity Severity, string Code, string Pointer, string? Locale, string Message, string? Mend = null)
{
    public string SeverityName => Severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Info => "info",
    };
}
