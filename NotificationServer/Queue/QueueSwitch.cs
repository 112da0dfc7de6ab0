namespace NotificationServer.Queue;

internal enum SwitchKind
{
    Channel,
    Account,
}

/// A queue or an account without a switch is running.
internal enum SwitchMode
{
    /// Nothing new is started; what is under way comes to its end.
    Paused,
    /// What is queued is worked off, and nothing new is taken in.
    Draining,
}

/// Somebody holds a channel's queue or a provider account, for a reason.
internal sealed record QueueSwitch(
    SwitchKind Kind, string Name, SwitchMode Mode, string Reason, DateTimeOffset? Until, string ChangedBy, DateTimeOffset ChangedAt);

internal static class SwitchWords
{
    public static string Word(this SwitchKind kind) => kind switch
    {
        SwitchKind.Channel => "channel",
        SwitchKind.Account => "account",
    };

    public static string Word(this SwitchMode mode) => mode switch
    {
        SwitchMode.Paused => "paused",
        SwitchMode.Draining => "draining",
    };
}
