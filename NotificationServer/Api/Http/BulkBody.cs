using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace NotificationServer.Api.Http;

/// Marks an endpoint that takes many things at once.
internal static class BulkBody
{
    public static TBuilder AllowBulkBody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new Limit(Options(endpoint).MaxBulkBodyBytes)));
        return builder;
    }

    /// For what is not held in memory whole.
    public static TBuilder AllowImportBody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new Limit(Options(endpoint).MaxImportBytes)));
        return builder;
    }

    private static ApiOptions Options(EndpointBuilder endpoint) => endpoint.ApplicationServices.GetRequiredService<IOptions<ApiOptions>>().Value;

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
