using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace NotificationServer.Platform;

/// The TLS proxies in front of this server.
internal sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "Proxies";

    /// Addresses or networks (10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's, so that a
    /// caller cannot make up where it comes from.
    public IReadOnlyList<string> Trusted { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from text in Trusted
        where !IPNetwork.TryParse(text, out _) && !IPAddress.TryParse(text, out _)
        select new ValidationResult($"{Section}:{nameof(Trusted)}: {text} is neither an address nor a network");
}

/// Stands before everything else, so that all of the server sees the scheme and address that the caller used.
internal sealed class TrustedProxies(IOptions<ProxyOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options.Value.Trusted.Count > 0) app.UseForwardedHeaders(Believing(options.Value.Trusted));
        next(app);
    };

    private static ForwardedHeadersOptions Believing(IReadOnlyList<string> proxies)
    {
        var headers = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        headers.KnownIPNetworks.Clear();
        headers.KnownProxies.Clear();
        foreach (var text in proxies)
        {
            if (IPNetwork.TryParse(text, out var network)) headers.KnownIPNetworks.Add(network);
            else headers.KnownProxies.Add(IPAddress.Parse(text));
        }
        return headers;
    }
}
