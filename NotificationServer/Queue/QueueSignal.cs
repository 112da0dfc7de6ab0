namespace NotificationServer.Queue;

/// Says that channels have new work: to the workers of this node at once, and to other nodes where those here cannot take it.
internal sealed class QueueSignal(Wakeups here, NodeLoad load, NodeRegistry nodes, Announcer announcer)
{
    public void Tell(IEnumerable<(string Channel, Lane Lane)> queues)
    {
        foreach (var (channel, lane) in queues)
        {
            var taken = load.HasRoom(channel);
            here.Wake(channel, lane);
            if (!taken && nodes.AnyOther(Platform.NodeRole.Worker)) announcer.Announce(channel);
        }
    }
}
