using System.Text;
using System.Text.Json;

namespace NotificationServer.Channels.Accounts;

/// An account as it would be, with a connector of its own and stored nowhere: to be tried before it is. Whoever asked for it retires it.
internal sealed class AccountDrafts(AccountStore store, AccountBuilder builder)
{
    public async Task<(ProviderAccount? Account, IReadOnlyList<SettingProblem> Problems)> MakeAsync(StoredAccount row, JsonElement settings, JsonElement secrets, CancellationToken ct)
    {
        if (builder.FindVendor(row.Vendor) is not { } vendor)
            return (null, [new SettingProblem("/kind", "unknown_vendor", $"One of {string.Join(", ", builder.VendorNames.Order())}")]);
        var before = await store.FindAsync(row.Key, ct);
        var (merged, unreadable) = AccountEditor.Merged(builder, before?.Vendor == vendor.Name ? before : null, secrets);
        if (unreadable) return (null, [new SettingProblem("/secrets", "unreadable", "What is stored cannot be decrypted here; give every secret anew")]);

        var (options, problems) = AccountSettings.Read(vendor, settings, JsonElement.Parse(Encoding.UTF8.GetBytes(merged.ToJsonString())));
        if (options is null) return (null, problems);
        var connection = new Connection(vendor.Connect(options), isOwned: true);
        var carried = ProviderAccounts.ChannelsOf(connection.Provider, vendor.Family);
        return (new ProviderAccount(row.Key, vendor.Name)
        {
            Channels = row.Channels.Length == 0 ? carried : [.. carried.Where(channel => row.Channels.Contains(channel.Name()))],
            Settings = options,
            Connection = connection,
        }, []);
    }
}
