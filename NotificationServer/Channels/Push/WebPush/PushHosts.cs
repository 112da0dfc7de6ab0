namespace NotificationServer.Channels.Push.WebPush;

/// Where a web push may go. Users supply the address, so without this list anybody could make the server post to machines
/// within its own network. The names on the list are those of big services, which answer from public addresses; redirects are
/// never followed, so no answer leads elsewhere.
internal sealed class PushHosts(IEnumerable<string> allowed)
{
    /// Chrome, Edge on Android and Opera; Firefox; Safari; Edge.
    public static readonly string[] Known =
        ["fcm.googleapis.com", "android.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"];

    private const int HttpsPort = 443;

    private readonly (string Name, bool Below, int Port)[] hosts = [.. allowed.Select(Parse).OfType<(string, bool, int)>()];

    public bool Allow(Uri endpoint) =>
        endpoint.Scheme == Uri.UriSchemeHttps && endpoint.UserInfo.Length == 0
        && Array.Exists(hosts, host => host.Port == endpoint.Port && Fits(host.Name, host.Below, endpoint.IdnHost.TrimEnd('.')));

    /// `host`, `*.domain` for every host below it, or either with a `:port` other than 443. A bare `*` is none.
    public static bool IsHost(string entry) => Parse(entry) is not null;

    private static (string Name, bool Below, int Port)? Parse(string entry)
    {
        var below = entry.StartsWith("*.", StringComparison.Ordinal);
        var name = below ? entry[2..] : entry;
        return Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.AbsolutePath == "/"
            && !name.Contains('*', StringComparison.Ordinal) && !(below && uri.HostNameType != UriHostNameType.Dns)
            ? (uri.IdnHost, below, uri.IsDefaultPort ? HttpsPort : uri.Port)
            : null;
    }

    private static bool Fits(string name, bool below, string host) => below
        ? host.Length > name.Length + 1 && host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && host[^(name.Length + 1)] == '.'
        : string.Equals(host, name, StringComparison.OrdinalIgnoreCase);
}
