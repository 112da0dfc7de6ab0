using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Notifications;

/// The body of a batch, each item read by itself and as strictly as a request of its own: one that cannot be read is that item's
/// error and nobody else's.
internal sealed class BatchBody(IReadOnlyList<BatchBody.Item> items) : IBindableFromHttpContext<BatchBody>, IEndpointParameterMetadataProvider
{
    /// Either of the two.
    internal readonly record struct Item(SendNotification.Request? Request, Problem? Problem);

    public IReadOnlyList<Item> Items => items;

    public static async ValueTask<BatchBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        JsonRequest.Require(context.Request);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<SendNotification.Request>)options.GetTypeInfo(typeof(SendNotification.Request));
        return await JsonRequest.ReadAsync(context, json => new BatchBody(Parse(json, type)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(SendBatch.Request)));

    private static List<Item> Parse(ReadOnlySpan<byte> json, JsonTypeInfo<SendNotification.Request> type)
    {
        if (!Utf8.IsValid(json))
            throw new ProblemException(Problems.Malformed("malformed_json", "The body is not valid UTF-8"));
        List<Range> ranges;
        try
        {
            ranges = JsonItems.Find(json);
        }
        catch (JsonException e)
        {
            throw new ProblemException(JsonFault.Describe(e));
        }

        var found = new List<Item>(ranges.Count);
        foreach (var range in ranges) found.Add(Read(json[range], type));
        return found;
    }

    private static Item Read(ReadOnlySpan<byte> json, JsonTypeInfo<SendNotification.Request> type)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, type) is not { } request)
                return new Item(null, Problems.Malformed("required", "An item must not be null"));
            return UnstorableText.FindIn(json) is { } problem ? new Item(null, problem) : new Item(request, null);
        }
        catch (JsonException e)
        {
            return new Item(null, JsonFault.Describe(e));
        }
    }
}
