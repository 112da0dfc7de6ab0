using System.Net;

namespace NotificationServer.Clients;

/// Where a key may be used from: addresses and networks, as people write them.
internal sealed class KeyNetworks(IReadOnlyList<string> texts)
{
    public const int Most = 50;

    private readonly IPNetwork[] allowed = [.. texts.Select(Parse).OfType<IPNetwork>()];

    /// Nothing is named: anywhere. Something that cannot be read any more is nowhere.
    public bool Allow(IPAddress? address) =>
        texts.Count == 0 || address is not null && Array.Exists(allowed, network => network.Contains(Plain(address)));

    /// As it is stored; null: it is neither an address nor a network.
    public static string? Normal(string text) => Parse(text.Trim())?.ToString();

    private static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address) && text.Contains(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? '.' : ':')
            ? new IPNetwork(Plain(address), Plain(address).AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128) : null;
    }

    /// A socket that speaks both protocols tells an address of the older one in the words of the newer.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
