using NotificationServer.Platform;

namespace NotificationServer.Api.Notifications;

/// Where the messages of a notification are: their ids were made in its own millisecond, so that a search names its partition.
internal sealed record MessageRange(Guid Id, Guid From, Guid Below)
{
    public static MessageRange Of(Guid notification)
    {
        var instant = PrefixedId.InstantOf(notification);
        return new MessageRange(notification, PrefixedId.SmallestAt(instant), PrefixedId.SmallestAt(instant.AddMilliseconds(1)));
    }
}
