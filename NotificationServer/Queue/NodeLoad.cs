using System.Collections.Concurrent;

namespace NotificationServer.Queue;

/// How busy the workers of this node are, as they say themselves when asked. A channel that nobody works here is not in it.
internal sealed class NodeLoad
{
    internal readonly record struct Channel(int InFlight, int Slots);

    private readonly ConcurrentDictionary<string, Func<Channel>> gauges = new(StringComparer.Ordinal);

    public void Report(string channel, Func<Channel> gauge) => gauges[channel] = gauge;

    public IReadOnlyDictionary<string, Channel> Now() => gauges.ToDictionary(gauge => gauge.Key, gauge => gauge.Value(), StringComparer.Ordinal);

    /// Whether a worker of this node can start something more at once.
    public bool HasRoom(string channel) => gauges.TryGetValue(channel, out var gauge) && gauge() is var now && now.InFlight < now.Slots;
}
