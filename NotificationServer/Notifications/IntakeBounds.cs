using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Notifications;

/// When a channel has more waiting than it should ever have, nothing more is taken for it: what cannot be sent for hours is better
/// refused now, whole, than accepted. Critical messages have a margin of their own.
internal sealed class IntakeBounds(Backlog backlog, IOptions<IntakeOptions> options)
{
    public bool AreFullFor(PreparedRequest prepared)
    {
        var most = (long)options.Value.MaxBacklog + (prepared.Lane == Lane.Critical ? options.Value.CriticalMargin : 0);
        foreach (var channel in prepared.Channels)
            if (backlog.Of(channel.Name()) >= most) return true;
        return false;
    }
}
