using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Campaigns.Segments;

internal sealed class SegmentOptions
{
    public const string Section = "Segments";

    /// How long people may be counted; after it they are estimated from a sample.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan CountTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// People of a list.
    [Range(1, 10_000_000)]
    public int MostMembers { get; init; } = 1_000_000;

    /// How long a list that was read may take to be put in place.
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
