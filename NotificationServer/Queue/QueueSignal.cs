namespace NotificationServer.Queue;

/// Says that channels have new work: to the workers of this node at once, and to other nodes where those here cannot take it.
internal sealed class QueueSignal(Wakeups here, NodeLoad load, NodeRegistry nodes, Announcer announcer)
{
    public void Tell(IEnumerable<string> channels)
    {
        foreach (var channel in channels)
        {
            var taken = load.HasRoom(channel);
            here.Wake(channel);
            if (!taken && nodes.AnyOther(Platform.NodeRole.Worker)) announcer.Announce(channel);
        }
    }
}
