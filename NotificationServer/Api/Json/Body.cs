using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// The JSON body of a request, as a handler's parameter: `Body&lt;Request&gt; body`. Read whole and judged before any of it is believed,
/// which the framework's own binding does not do: it takes NUL characters, halves of characters and invalid UTF-8 in free-form parts.
internal sealed class Body<T>(T value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
{
    public T Value => value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        JsonRequest.Require(context.Request);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        return await JsonRequest.ReadAsync(context, json => new Body<T>(Parse(json, type)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static T Parse(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        if (!Utf8.IsValid(json))
            throw new ProblemException(Problems.Malformed("malformed_json", "The body is not valid UTF-8"));

        T? value;
        try
        {
            value = JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException e)
        {
            throw new ProblemException(JsonFault.Describe(e));
        }

        if (value is null)
            throw new ProblemException(Problems.Malformed("malformed_json", "The body must not be null"));
        if (UnstorableText.FindIn(json) is { } problem)
            throw new ProblemException(problem);
        return value;
    }
}
