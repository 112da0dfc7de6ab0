using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Tracking.Webhooks;

/// Whether an address is one of the public internet's. Everything else is somebody's inside: ours, our provider's, or a way around to it.
internal static class PublicAddress
{
    // IANA's special-purpose registry for IPv4, and the one public address that is a cloud's inside.
    private static readonly IPNetwork[] Special4 =
    [
        .. Networks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4"),
        .. Networks("168.63.129.16/32"), // what Azure's machines ask about themselves
    ];

    // Of IPv6 only this is given out to the internet: loopback, link-local, unique local, multicast, NAT64 and IPv4 in disguise lie outside it.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Protocols' own, Teredo among them; documentation; 6to4, which leads to any IPv4 address; AS112.
    private static readonly IPNetwork[] Special6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    /// IPv4 that is written as IPv6 is judged as what it is.
    public static bool Is(IPAddress address)
    {
        var bare = Bare(address);
        return bare.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Special4.Any(network => network.Contains(bare)),
            AddressFamily.InterNetworkV6 => bare.ScopeId == 0 && Global6.Contains(bare) && !Special6.Any(network => network.Contains(bare)),
            _ => false,
        };
    }

    public static IPAddress Bare(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
