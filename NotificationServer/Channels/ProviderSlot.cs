namespace NotificationServer.Channels;

/// A vendor's place among the routes; empty if that vendor is not configured. Filled when the host is complete, so that
/// every source of configuration counts.
internal sealed record ProviderSlot<TMessage>(IProvider<TMessage>? Provider) where TMessage : OutboundMessage;
