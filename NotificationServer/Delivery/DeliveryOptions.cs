using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Delivery;

/// How much a node sends at once, and how it judges what came back.
internal sealed class DeliveryOptions
{
    public const string Section = "Delivery";

    /// Sends in flight per channel and node; also the most that one claim takes, and large claims are what makes a drain fast. A tenth is kept for the critical lane, a tenth for transactional, a twentieth for bulk.
    [Range(4, 10_000)]
    public int Slots { get; init; } = 500;

    /// How old an answer of the preferences, blocks and suppressions may be when a send starts; an opt-out stored longer ago
    /// than this stops it.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:01")]
    public TimeSpan ConsentMaxAge { get; init; } = TimeSpan.FromSeconds(0.8);

    /// After a call whose outcome nobody knows: long enough that the first cannot still be under way.
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan UnknownWait { get; init; } = TimeSpan.FromMinutes(2);

    /// While a provider refuses our credentials: how long until the message is tried again, at least.
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan MisconfiguredWait { get; init; } = TimeSpan.FromSeconds(30);

    /// The most results that share a commit.
    [Range(1, 5000)]
    public int ResultBatch { get; init; } = 500;
}
