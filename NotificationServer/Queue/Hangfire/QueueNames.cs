namespace NotificationServer.Queue.Hangfire;

/// The channels that there are, as this folder is told them.
internal sealed record ChannelList(IReadOnlyList<string> Names);

/// Hangfire's queue of a channel and lane: `ios_push_critical`.
internal static class QueueNames
{
    private static readonly (Lane Lane, string Suffix)[] Lanes =
        [(Lane.Critical, "_critical"), (Lane.Transactional, "_transactional"), (Lane.Bulk, "_bulk")];

    public static string Of(string channel, Lane lane) => channel + lane switch
    {
        Lane.Critical => "_critical",
        Lane.Transactional => "_transactional",
        Lane.Bulk => "_bulk",
    };

    /// In the order in which they are worked.
    public static string[] Of(string channel) => [.. Lanes.Select(lane => Of(channel, lane.Lane))];

    public static (string Channel, Lane Lane) Parse(string queue)
    {
        var (lane, suffix) = Array.Find(Lanes, one => queue.EndsWith(one.Suffix, StringComparison.Ordinal));
        return (queue[..^suffix.Length], lane);
    }
}
