namespace NotificationServer.Channels;

/// One account at a vendor: its own credentials, its own connector, its own health. Its key is what attempts and messages store.
internal sealed record ProviderAccount(string Key, string Vendor, IProvider Provider, VendorOptions? Settings)
{
    /// The kinds of channel that it serves.
    public required IReadOnlyList<Channel> Channels { get; init; }
}
