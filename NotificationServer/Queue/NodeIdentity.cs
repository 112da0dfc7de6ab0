namespace NotificationServer.Queue;

/// This process among the nodes: the machine for people, and something that no earlier process on it had.
internal sealed class NodeIdentity
{
    public string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..12]}";
}
