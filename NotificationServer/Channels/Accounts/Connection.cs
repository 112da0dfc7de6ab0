namespace NotificationServer.Channels.Accounts;

/// A connector in use. An account that is changed or removed gets another or none, and this one is disposed when the last
/// send that it carries has come to its end.
internal sealed class Connection(IProvider provider, bool isOwned)
{
    // One for whoever made it, one for each send; at zero it is gone for good.
    private int users = 1;

    public IProvider Provider => provider;

    /// Whether its calls wait for a connection.
    public bool Queues { get; } = provider is IQueueingProvider<PushMessage> or IQueueingProvider<SmsMessage> or IQueueingProvider<EmailMessage>;

    /// False: it was retired, and nothing new begins.
    public bool TryEnter()
    {
        int now;
        do
        {
            now = Volatile.Read(ref users);
            if (now == 0) return false;
        }
        while (Interlocked.CompareExchange(ref users, now + 1, now) != now);
        return true;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0 && isOwned) (provider as IDisposable)?.Dispose();
    }

    /// Once, by whoever made it.
    public void Retire() => Leave();

    public Task<SendOutcome> SendAsync(OutboundMessage message, CallStart? start, CancellationToken ct) => message switch
    {
        PushMessage push when start is not null && provider is IQueueingProvider<PushMessage> connector => connector.SendAsync(push, start, ct),
        SmsMessage sms when start is not null && provider is IQueueingProvider<SmsMessage> connector => connector.SendAsync(sms, start, ct),
        EmailMessage email when start is not null && provider is IQueueingProvider<EmailMessage> connector => connector.SendAsync(email, start, ct),
        PushMessage push when provider is IProvider<PushMessage> connector => connector.SendAsync(push, ct),
        SmsMessage sms when provider is IProvider<SmsMessage> connector => connector.SendAsync(sms, ct),
        EmailMessage email when provider is IProvider<EmailMessage> connector => connector.SendAsync(email, ct),
        _ => Task.FromResult(SendOutcome.NotSent("no_provider", $"{provider.Name} does not carry {message.Channel.Name()}")),
    };
}
