using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Admin.Identity.Sessions;

/// What is kept of where a session began: enough that its person knows it again, no more.
internal static class Visit
{
    // In the order in which they must be asked: each later one is named by the earlier ones too.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Browser(string? agent) => (Named(Browsers, agent), Named(Systems, agent)) switch
    {
        (null, null) => "Unknown browser",
        (var browser, null) => browser,
        (null, var system) => $"A browser on {system}",
        var (browser, system) => $"{browser} on {system}",
    };

    public static string Address(IPAddress? address)
    {
        if (address is null) return "";
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var text = plain.ToString();
        if (IPAddress.IsLoopback(plain)) return "this machine";
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? text[..text.LastIndexOf('.')] + ".…"
            : string.Join(':', Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, 6)).Chunk(4).Select(group => new string(group).TrimStart('0').PadLeft(1, '0'))) + ":…";
    }

    private static string? Named((string Mark, string Name)[] known, string? agent) =>
        known.FirstOrDefault(one => agent?.Contains(one.Mark, StringComparison.Ordinal) == true).Name;
}
