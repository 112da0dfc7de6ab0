using System.Net;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;

namespace NotificationServer.Tracking.Webhooks;

/// Where a webhook may go. The address is looked at twice: as text when it is stored, which spares people surprises, and as the very IP
/// address that is connected to, which is what protects: a name may lead anywhere, and somewhere else a moment later.
internal sealed class TargetRules(IOptions<WebhooksOptions> options, IHostEnvironment environment)
{
    private const int LongestUrl = 2000;
    private const int HttpsPort = 443;
    private const int LastSystemPort = 1023;
    private static readonly string[] InsideNames = [".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".onion"];

    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(text => IPNetwork.Parse(text))];
    private readonly bool mayUseHttp = options.Value.AllowHttpToLoopback && environment.IsDevelopment();

    /// Why this is no place to call; null: it is one, and is stored as `url`.
    public (string Code, string Message)? Refuse(string text, out string url)
    {
        url = "";
        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return ("invalid_url", $"Use an absolute URL of at most {LongestUrl} characters");
        url = uri.AbsoluteUri;
        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && mayUseHttp))
            return ("not_https", "Use https");
        if (uri.UserInfo.Length > 0) return ("has_credentials", "A URL with a user or password is not taken; the signature says who calls");
        if (uri.Fragment.Length > 0) return ("has_fragment", "A fragment is never sent; leave it out");
        if (uri.Port != HttpsPort && uri.Port <= LastSystemPort && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            return ("forbidden_port", "Use port 443, or one from 1024 on");
        return MayBe(uri) ? null : ("forbidden_host", "This is not a host of the public internet");
    }

    /// Whether this address may be connected to, by a call of this scheme.
    public bool Allows(IPAddress address, string scheme)
    {
        var bare = PublicAddress.Bare(address);
        if (scheme == Uri.UriSchemeHttp) return mayUseHttp && IPAddress.IsLoopback(bare);
        return PublicAddress.Is(bare) || allowed.Any(network => network.Contains(bare));
    }

    private bool MayBe(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        // Also digits and dots of other scripts, which are a name to whoever splits a URL and an address to whoever resolves it.
        if (IPAddress.TryParse(host, out var address)) return Allows(address, uri.Scheme);
        if (uri.HostNameType != UriHostNameType.Dns) return false;
        if (uri.Scheme == Uri.UriSchemeHttp) return uri.IsLoopback;
        // Whoever allowed networks of their own may have names of their own in them.
        return allowed.Length > 0 || host.Contains('.', StringComparison.Ordinal) && !InsideNames.Any(name => host.EndsWith(name, StringComparison.OrdinalIgnoreCase));
    }

    /// Resolves a name, and looks at all that it leads to: one address that is not allowed among others is a trap, not an alternative.
    public async Task<IPAddress[]> ResolveAsync(string host, string scheme, CancellationToken ct)
    {
        var addresses = await Dialing.FindAsync(host, ct);
        return addresses.Length > 0 && addresses.All(address => Allows(address, scheme)) ? addresses : throw new TargetRefusedException();
    }
}

/// Thrown through the HTTP client, whose only way to be told no while it connects this is.
internal sealed class TargetRefusedException() : IOException("The address is not one that webhooks may go to");
