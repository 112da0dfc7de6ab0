using NotificationServer.Channels.Accounts;

namespace NotificationServer.Channels;

/// The accounts that there are: those of the configuration, and those that people added. What they change is here on every node
/// within two seconds, as a whole: whoever asked before goes on with what it was given.
internal sealed class ProviderAccounts : IDisposable
{
    private static readonly string[] TokenKinds = ["apns", "fcm", "jpush", "pushy", "webpush"];

    private readonly ProviderAccount[] configured;
    private volatile Catalog current;
    private volatile bool isRead;

    public ProviderAccounts(
        IEnumerable<ProviderSlot<PushMessage>> push, IEnumerable<ProviderSlot<SmsMessage>> sms, IEnumerable<ProviderSlot<EmailMessage>> email)
    {
        configured =
        [
            .. push.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Push)).OfType<ProviderAccount>(),
            .. sms.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Sms)).OfType<ProviderAccount>(),
            .. email.Select(slot => Configured(slot.Provider, slot.Settings, ChannelFamily.Email)).OfType<ProviderAccount>(),
        ];
        // As they are registered, so they are asked.
        for (var i = 0; i < configured.Length; i++) configured[i] = configured[i] with { Order = ProviderAccount.LastOrder + i };
        current = new Catalog(configured, [], rulesVersion: 0);
    }

    public Catalog Current => current;

    /// False until the database was read for the first time: what the rules forbid must not be sent before they are known.
    public bool IsRead => isRead;

    public IReadOnlyList<ProviderAccount> All => current.All;

    /// Null: there is no such account.
    public ProviderAccount? Find(string accountKey) => current.Find(accountKey);

    /// Whether the configuration has an account of this key, whatever row may stand before it.
    public bool IsInConfiguration(string accountKey) => Array.Exists(configured, account => account.Key == accountKey);

    /// What the account was told, for those who check what its vendor sends back. Null: no such account, or of another vendor.
    public TOptions? SettingsOf<TOptions>(string accountKey) where TOptions : VendorOptions => Find(accountKey)?.Settings as TOptions;

    /// Takes over what was read. An account whose wiring is as it was keeps its connector and its open connections.
    internal void Replace(IReadOnlyList<ProviderAccount> rows, IReadOnlyList<RoutingRule> rules, int rulesVersion)
    {
        var before = current;
        var replaced = rows.Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        current = new Catalog([.. rows, .. configured.Where(account => !replaced.Contains(account.Key))], rules, rulesVersion);
        isRead = true;
        var kept = current.All.Select(account => account.Connection).ToHashSet();
        foreach (var account in before.All)
            if (!account.IsConfigured && account.Connection is { } connection && !kept.Contains(connection)) connection.Retire();
    }

    public void Dispose()
    {
        foreach (var account in current.All)
            if (!account.IsConfigured) account.Connection?.Retire();
    }

    internal static IReadOnlyList<Channel> ChannelsOf(IProvider provider, ChannelFamily family) =>
        [.. ChannelNames.All.Where(channel => channel.Family() == family && Serves(provider, channel))];

    private static ProviderAccount? Configured(IProvider? provider, VendorOptions? settings, ChannelFamily family) => provider is null
        ? null
        : new ProviderAccount(provider.Name, provider.Name)
        {
            Channels = ChannelsOf(provider, family),
            IsConfigured = true,
            Settings = settings,
            Connection = new Connection(provider, isOwned: false),
        };

    private static bool Serves(IProvider provider, Channel channel) => channel.Family() == ChannelFamily.Push
        ? Array.Exists(TokenKinds, kind => provider.Carries(channel, kind)) : provider.Carries(channel, null);
}
