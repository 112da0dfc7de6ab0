using System.Collections.Concurrent;

namespace NotificationServer.Queue;

/// How busy the workers of this node are, as they say themselves when asked. A channel that nobody works here is not in it.
internal sealed class NodeLoad
{
    internal readonly record struct Channel(int InFlight, int Slots);

    /// Calls of a provider account in the last so many seconds, and how many of them failed.
    internal readonly record struct Calls([property: System.Text.Json.Serialization.JsonPropertyName("calls")] int Made, int Failed, double Seconds);

    private readonly ConcurrentDictionary<string, Func<Channel>> gauges = new(StringComparer.Ordinal);
    private volatile Func<IReadOnlyDictionary<string, Calls>> calls = () => new Dictionary<string, Calls>();

    public void Report(string channel, Func<Channel> gauge) => gauges[channel] = gauge;

    public IReadOnlyDictionary<string, Channel> Now() => gauges.ToDictionary(gauge => gauge.Key, gauge => gauge.Value(), StringComparer.Ordinal);

    /// Who knows how the calls of each account went here.
    public void ReportCalls(Func<IReadOnlyDictionary<string, Calls>> gauge) => calls = gauge;

    public IReadOnlyDictionary<string, Calls> CallsNow() => calls();

    /// Whether a worker of this node can start something more at once.
    public bool HasRoom(string channel) => gauges.TryGetValue(channel, out var gauge) && gauge() is var now && now.InFlight < now.Slots;
}
