namespace NotificationServer.Channels;

/// A vendor's connector: our words in, the vendor's words out over its real protocol, and the vendor's answer told in ours.
/// Never throws for what a network or a vendor does; cancellation of <c>ct</c> means the deadline of the call has passed.
internal interface IProvider<in TMessage> where TMessage : OutboundMessage
{
    /// The name that attempts, figures and logs use: `apns`, `fcm`, `twilio` ...
    string Name { get; }

    /// Whether this connector can carry the message (its channel, its kind of token).
    bool Carries(TMessage message);

    Task<SendOutcome> SendAsync(TMessage message, CancellationToken ct);
}
