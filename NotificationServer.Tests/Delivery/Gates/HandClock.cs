namespace NotificationServer.Tests.Delivery.Gates;

/// A monotonic clock that moves when it is told to.
internal sealed class HandClock : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Pass(TimeSpan time) => now += time.Ticks;
}
