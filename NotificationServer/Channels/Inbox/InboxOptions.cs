using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Inbox;

internal sealed class InboxOptions
{
    public const string Section = "Channels:Inbox";

    /// Whether messages that no vendor carries go here. Null: in Development yes, else no. Sandbox messages always do.
    public bool? Enabled { get; init; }

    /// How many rows it keeps, about: the oldest go now and then.
    [Range(1, 1_000_000)] public int Keep { get; init; } = 10_000;
}
