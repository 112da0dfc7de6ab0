namespace NotificationServer.Channels;

/// A connector with so few connections that calls wait for one. What its caller knew when it called may be stale by then, so it is asked
/// again; a call that waited in vain, or was not to begin any more, is <see cref="SendOutcome.NotCalled"/>.
internal interface IQueueingProvider<in TMessage> : IProvider<TMessage> where TMessage : OutboundMessage
{
    Task<SendOutcome> SendAsync(TMessage message, CallStart start, CancellationToken ct);
}
