namespace NotificationServer.Channels;

/// The accounts that there are.
internal sealed class ProviderAccounts
{
    private static readonly string[] TokenKinds = ["apns", "fcm", "jpush", "pushy", "webpush"];

    private readonly ProviderAccount[] all;

    public ProviderAccounts(
        IEnumerable<ProviderSlot<PushMessage>> push, IEnumerable<ProviderSlot<SmsMessage>> sms, IEnumerable<ProviderSlot<EmailMessage>> email) =>
        all =
        [
            .. push.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Push)).OfType<ProviderAccount>(),
            .. sms.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Sms)).OfType<ProviderAccount>(),
            .. email.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Email)).OfType<ProviderAccount>(),
        ];

    public IReadOnlyList<ProviderAccount> All => all;

    /// Null: there is no such account.
    public ProviderAccount? Find(string accountKey) => Array.Find(all, account => account.Key == accountKey);

    /// What the account was told, for those who check what its vendor sends back. Null: no such account, or of another vendor.
    public TOptions? SettingsOf<TOptions>(string accountKey) where TOptions : VendorOptions => Find(accountKey)?.Settings as TOptions;

    private static ProviderAccount? Configured(IProvider? provider, VendorOptions? settings, ChannelFamily family) => provider is null
        ? null
        : new ProviderAccount(provider.Name, provider.Name, provider, settings)
        {
            Channels = [.. ChannelNames.All.Where(channel => channel.Family() == family && Serves(provider, channel))],
        };

    private static bool Serves(IProvider provider, Channel channel) => channel.Family() == ChannelFamily.Push
        ? Array.Exists(TokenKinds, kind => provider.Carries(channel, kind)) : provider.Carries(channel, null);
}
