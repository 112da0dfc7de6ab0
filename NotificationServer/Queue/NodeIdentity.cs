namespace NotificationServer.Queue;

/// This process among the nodes: the machine for people, and something that no other process has (the end of the id is the
/// random part; its beginning is the time, which nodes that start together share).
internal sealed class NodeIdentity
{
    public string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.CreateVersion7().ToString("N")[20..]}";
}
