using System.ComponentModel.DataAnnotations;
using NotificationServer.Channels;

namespace NotificationServer.Delivery;

/// How much a node sends at once, and how it judges what came back.
internal sealed class DeliveryOptions
{
    public const string Section = "Delivery";

    /// Sends in flight per channel and node; also the most that one claim takes, and large claims are what makes a drain fast. A tenth
    /// is kept for the critical lane, a tenth for transactional, a twentieth for bulk. Push calls share a few connections; a text and a
    /// mail mostly take one each, some 80 KB apiece, hence fewer.
    [Range(4, 10_000)] public int PushSlots { get; init; } = 500;
    [Range(4, 10_000)] public int SmsSlots { get; init; } = 200;
    [Range(4, 10_000)] public int EmailSlots { get; init; } = 300;

    /// While critical messages are on their way, or single notifications are asked for: how many statements of the other lanes (claims with what is read for them, and results)
    /// this node runs at a time. Few keep sign-in codes quick on a database that is busy with a campaign; the campaign is a little slower.
    [Range(1, 1000)] public int BesideCritical { get; init; } = 2;

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

    public int SlotsOf(Channel channel) => channel.Family() switch
    {
        ChannelFamily.Push => PushSlots,
        ChannelFamily.Sms => SmsSlots,
        ChannelFamily.Email => EmailSlots,
    };
}
