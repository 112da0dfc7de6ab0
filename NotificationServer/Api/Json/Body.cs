using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// The JSON body of a request, as a handler's parameter: `Body&lt;Request&gt; body`. Read whole and judged before any of it is believed,
/// which the framework's own binding does not do: it takes NUL characters, halves of characters and invalid UTF-8 in free-form parts.
internal sealed class Body<T>(T value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
{
    public T Value => value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        RequireJson(context.Request);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        try
        {
            return new Body<T>(Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray(), type));
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
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

    private static void RequireJson(HttpRequest request)
    {
        var isUtf8 = !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        if (!request.HasJsonContentType() || !isUtf8 || request.Headers.ContentEncoding.Count > 0)
            throw new ProblemException(Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType));
    }
}
