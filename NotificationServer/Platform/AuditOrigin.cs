using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Platform;

/// From where the change is asked for that is being made: noted once a request, so that whoever appends to the audit log need not be told.
internal static class AuditOrigin
{
    private const int ShownOfV6 = 3;

    private static readonly AsyncLocal<IPAddress?> from = new();

    /// Null: nobody asked for it over the network.
    public static IPAddress? Current => from.Value;

    /// For services and staff. What recipients do by their links is in no audit log, and neither is where they are.
    public static async Task NoteAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path;
        if (!HttpMethods.IsGet(http.Request.Method) && (path.StartsWithSegments("/v1") || path.StartsWithSegments("/admin")))
            from.Value = http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;
        await next(http);
    }

    /// Its network, not its machine: enough to see that two changes came from one place, not enough to find a person.
    public static string? Masked(string? address) => IPAddress.TryParse(address, out var parsed)
        ? parsed.AddressFamily == AddressFamily.InterNetwork
            ? $"{string.Join('.', parsed.ToString().Split('.').Take(3))}.…"
            : $"{string.Join(':', Enumerable.Range(0, ShownOfV6).Select(i => $"{(parsed.GetAddressBytes()[2 * i] << 8) | parsed.GetAddressBytes()[(2 * i) + 1]:x}"))}:…"
        : null;
}
