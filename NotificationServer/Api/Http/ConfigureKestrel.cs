using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace NotificationServer.Api.Http;

internal sealed class ConfigureKestrel(IOptions<ApiOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        var api = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = api.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxConcurrentConnections = api.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = api.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = api.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(api.MinBodyBytesPerSecond, api.BodyGrace);
    }
}
