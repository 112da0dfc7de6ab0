namespace NotificationServer.Tracking.Webhooks;

/// What became of one call. <c>Error</c> is null for 2xx and for nothing else.
internal sealed record WebhookAnswer(int? HttpStatus, string? Error, string? Answer = null, TimeSpan? RetryAfter = null)
{
    private const int Gone = 410;

    public bool IsDelivered => Error is null;

    /// The receiver says that it wants nothing any more.
    public bool IsGone => HttpStatus == Gone;

    public static WebhookAnswer Failed(string error) => new(null, error);

    // What people read in the log of an endpoint.
    public const string NotAllowed = "address_not_allowed";
    public const string NotSigned = "secret_unreadable";
    public const string NoName = "name_not_resolved";
    public const string NoConnection = "not_connected";
    public const string NoTls = "tls_failed";
    public const string TimedOut = "timed_out";
    public const string BrokenOff = "broken_off";
    public const string Unknown = "unknown";

    public static string Of(int status) => status is >= 300 and < 400 ? "redirect_not_followed" : "refused";
}
