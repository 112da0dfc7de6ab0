using NotificationServer.Platform;

namespace NotificationServer.Queue;

/// Says that channels have new work: to the workers of this node at once, and to other nodes where those here cannot take it.
internal sealed class QueueSignal(Wakeups here, NodeLoad load, NodeRoles roles, NodeRegistry nodes, Announcer announcer)
{
    public void Tell(IEnumerable<(string Channel, Lane Lane)> queues)
    {
        foreach (var (channel, lane) in queues)
        {
            var taken = load.HasRoom(channel);
            here.Wake(channel, lane);
            if (!taken && SomebodyElseWorks) announcer.Announce(channel);
        }
    }

    /// A node that does not send itself need not wait until it has heard of one that does: there must be one, and what it starts with is not to wait for a poll.
    private bool SomebodyElseWorks => !roles.Has(NodeRole.Worker) || nodes.AnyOther(NodeRole.Worker);
}
