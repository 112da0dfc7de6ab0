using System.Diagnostics.CodeAnalysis;

namespace NotificationServer.Api.Description;

/// A body that this endpoint takes, shown in the API's description.
internal sealed record RequestExample(string Json);

internal static class RequestExampleConvention
{
    public static TBuilder WithRequestExample<TBuilder>(this TBuilder endpoint, [StringSyntax(StringSyntaxAttribute.Json)] string json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestExample(json));
}
