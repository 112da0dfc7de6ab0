namespace NotificationServer.Benchmarks;

/// What this program is asked to do when it starts itself a second time.
internal static class Commands
{
    public const string Node = "--node";
}
