using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Tracking.Engagement;

/// How what people do with messages is taken down and judged.
internal sealed class EngagementOptions
{
    public const string Section = "Engagement";

    /// How many opens and clicks may wait in a node's memory to be written. What comes on top is answered, not counted, and logged.
    [Range(100, 1_000_000)]
    public int Waiting { get; init; } = 20_000;

    /// Most that are written by one statement.
    [Range(1, 10_000)]
    public int Batch { get; init; } = 1000;

    /// How often they are written.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(250);

    /// A click this soon after the message was sent, before anybody opened it, is a machine's.
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan TooSoon { get; init; } = TimeSpan.FromSeconds(5);

    /// Different links of one message followed within this time of each other were followed by a machine. Clicks are written when it is
    /// over: a node that dies forgets those that it still holds.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Burst { get; init; } = TimeSpan.FromSeconds(2);
}
