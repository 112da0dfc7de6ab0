namespace NotificationServer.Queue;

/// Which engine this build works the queue with (`-p:JobEngine=Hangfire`).
internal static class JobEngine
{
#if HANGFIRE
    public const string Path = "/admin/hangfire";
    public static string? Dashboard => Path;
#else
    /// The pages of the app are all that there is.
    public static string? Dashboard => null;
#endif
}
