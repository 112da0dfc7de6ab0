using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace NotificationServer.Api.Http;

/// Marks an endpoint that takes many things at once.
internal static class BulkBody
{
    public static TBuilder AllowBulkBody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(
            new Limit(endpoint.ApplicationServices.GetRequiredService<IOptions<ApiOptions>>().Value.MaxBulkBodyBytes)));
        return builder;
    }

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
