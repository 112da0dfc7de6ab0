namespace NotificationServer.Channels;

/// A vendor's connector: our words in, the vendor's words out over its real protocol, and the vendor's answer told in ours.
/// Never throws for what a network or a vendor does; cancellation of <c>ct</c> means the deadline of the call has passed.
internal interface IProvider<in TMessage> where TMessage : OutboundMessage
{
    /// The name that attempts, figures and logs use: `apns`, `fcm`, `twilio` ...
    string Name { get; }

    /// Whether this connector can carry such messages. <c>pushProvider</c> says whose token it is; null but for push.
    bool Carries(Channel channel, string? pushProvider);

    Task<SendOutcome> SendAsync(TMessage message, CancellationToken ct);
}
