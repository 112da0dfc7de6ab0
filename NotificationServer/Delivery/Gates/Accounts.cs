using NotificationServer.Channels;

namespace NotificationServer.Delivery.Gates;

/// What a gate is kept for: today a provider is one account, named as the provider is.
internal sealed class Accounts
{
    private readonly ProviderRoutes routes;
    private readonly Dictionary<string, string[]> ofChannel;

    public Accounts(ProviderRoutes routes)
    {
        this.routes = routes;
        ofChannel = ChannelNames.All.ToDictionary(channel => channel.Name(), channel => routes.NamesFor(channel).ToArray(), StringComparer.Ordinal);
    }

    public string Of(Brief brief) => routes.NameFor(brief.Channel, brief.PushProvider, brief.Sandbox) ?? "none";

    /// Everyone who may carry a message of the channel. Not the inbox of sandbox messages: they wait with the others.
    public IReadOnlyList<string> Of(string channel) => ofChannel[channel];

    public IEnumerable<string> ChannelsOf(string account) => ofChannel.Where(pair => pair.Value.Contains(account)).Select(pair => pair.Key);
}
