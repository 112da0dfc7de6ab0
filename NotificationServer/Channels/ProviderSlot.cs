namespace NotificationServer.Channels;

/// The place of an account that comes from configuration; empty if that vendor is not configured. Filled when the host is
/// complete, so that every source of configuration counts.
internal sealed record ProviderSlot<TMessage>(IProvider<TMessage>? Provider, VendorOptions? Settings = null) : IDisposable where TMessage : OutboundMessage
{
    public void Dispose() => (Provider as IDisposable)?.Dispose();
}
