using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Segments;

/// What services call a segment.
internal static class SegmentId
{
    public const string Prefix = "seg";

    public static string Format(Guid id) => PrefixedId.Format(Prefix, id);
}
