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
    private const int MaxDepth = 40;

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
            ranges = Find(json);
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

    /// Where the items are.
    private static List<Range> Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Refuse("wrong_type", "", "The body is an object with items");
        List<Range>? items = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("items"u8)) throw Refuse("unknown_property", $"/{JsonFault.Escape(reader.GetString() ?? "")}", "This field is not known here");
            if (items is not null) throw Refuse("duplicate_property", "/items", "This field is there twice");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw Refuse("wrong_type", "/items", "A list of notifications");
            items = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(start..(int)reader.BytesConsumed);
            }
        }
        reader.Read(); // whatever follows the object is malformed
        return items ?? throw Refuse("required", "/items", "This field is required");
    }

    private static ProblemException Refuse(string code, string pointer, string message) =>
        new(Problems.Malformed(code, message, new FieldError(pointer, code, message)));
}
