using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Tracking.Bounces;

/// The mailbox that mail which came back is delivered into, as files: a maildir, or any directory into which finished files are moved.
internal sealed class BounceOptions
{
    public const string Section = "Channels:Bounces";

    /// Null: there is none. What is read goes into `done` in it, what is no report into `failed`.
    public string? Directory { get; init; }

    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// How long files stay in `done`.
    [Range(typeof(TimeSpan), "00:00:00", "3660.00:00:00")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);
}
