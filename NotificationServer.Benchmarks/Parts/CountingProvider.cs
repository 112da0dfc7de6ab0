using NotificationServer.Channels;

namespace NotificationServer.Benchmarks.Parts;

/// Takes everything, at once or after a fixed while.
internal sealed class CountingProvider(TimeSpan latency) : IProvider<PushMessage>, IProvider<SmsMessage>, IProvider<EmailMessage>
{
    private static readonly Task<SendOutcome> Taken = Task.FromResult(SendOutcome.Accepted("benchmark-0001"));
    private long calls;

    public string Name => "benchmark";

    public long Calls => Interlocked.Read(ref calls);

    public bool Carries(Channel channel, string? pushProvider) => true;

    public Task<SendOutcome> SendAsync(PushMessage message, CancellationToken ct) => TakeAsync(ct);

    public Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct) => TakeAsync(ct);

    public Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct) => TakeAsync(ct);

    private Task<SendOutcome> TakeAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref calls);
        return latency > TimeSpan.Zero ? LateAsync(ct) : Taken;
    }

    private async Task<SendOutcome> LateAsync(CancellationToken ct)
    {
        await Task.Delay(latency, ct);
        return await Taken;
    }
}
