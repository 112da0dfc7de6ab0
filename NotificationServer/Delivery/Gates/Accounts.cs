using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Delivery.Gates;

/// The accounts that gates are kept for, by channel, as they are now.
internal sealed class Accounts(ProviderRoutes routes, ProviderAccounts known, Switches switches)
{
    /// Everyone who may be called for a message of the channel. Not the inbox of sandbox messages: they wait with the others.
    public IEnumerable<string> Of(string channel) => routes.AccountsOf(ChannelNames.Parse(channel)).Where(switches.MayUse);

    public AccountLimits LimitsOf(string account) => known.Find(account)?.Limits ?? AccountLimits.None;

    public IEnumerable<string> ChannelsOf(string account) =>
        ChannelNames.All.Where(channel => routes.AccountsOf(channel).Contains(account)).Select(channel => channel.Name());
}
