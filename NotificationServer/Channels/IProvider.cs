namespace NotificationServer.Channels;

/// A vendor's connector: our words in, the vendor's words out over its real protocol, and the vendor's answer told in ours.
/// Never throws for what a network or a vendor does; cancellation of <c>ct</c> means the deadline of the call has passed.
internal interface IProvider<in TMessage> : IProvider where TMessage : OutboundMessage
{
    Task<SendOutcome> SendAsync(TMessage message, CancellationToken ct);
}

/// What there is to know of a connector, whatever its kind of message.
internal interface IProvider
{
    /// The vendor's name: `apns`, `fcm`, `twilio` ...
    string Name { get; }

    /// Whether this connector can carry such messages. <c>pushProvider</c> says whose token it is; null but for push.
    bool Carries(Channel channel, string? pushProvider);
}
