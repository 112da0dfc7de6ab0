using Microsoft.Extensions.Options;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// While critical messages are on their way, or somebody waits for the answer to a single notification, the other lanes run only a few
/// statements at a time on this node: those of whoever waits then find a processor of the database free. At other times nobody waits.
internal sealed class RightOfWay(IntakeTraffic traffic, IOptions<DeliveryOptions> options, TimeProvider clock) : IDisposable
{
    // Codes come singly: between two of them the way is kept clear.
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim places = new(options.Value.BesideCritical);
    private const long Never = long.MinValue;
    private long seenAt = Never;

    public void CriticalIsComing() => Volatile.Write(ref seenAt, clock.GetTimestamp());

    /// Disposed when the statement is over.
    public async ValueTask<Turn> TurnAsync()
    {
        if (!traffic.IsComing && Volatile.Read(ref seenAt) is var seen && (seen == Never || clock.GetElapsedTime(seen) > Lasts)) return default;
        await places.WaitAsync(CancellationToken.None);
        return new Turn(places);
    }

    public void Dispose() => places.Dispose();

    internal readonly struct Turn(SemaphoreSlim? places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }
}
