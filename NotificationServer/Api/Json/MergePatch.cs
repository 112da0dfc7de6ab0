using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// RFC 7396: what is named changes, null removes, the rest stays. The result is read by the same strict rules as a whole body.
internal sealed class MergePatch<T>(JsonElement patch, JsonSerializerOptions options) : IBindableFromHttpContext<MergePatch<T>>, IEndpointParameterMetadataProvider
{
    public static async ValueTask<MergePatch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var body = await Body<JsonElement>.BindAsync(context, parameter);
        if (body is not { Value.ValueKind: JsonValueKind.Object })
            throw new ProblemException(Problems.Malformed("wrong_type", "A patch is a JSON object", new FieldError("", "wrong_type", "Use a JSON object")));
        return new MergePatch<T>(body.Value, context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/merge-patch+json", "application/json"], typeof(T)));

    /// Null if all is well, and then <c>patched</c> is not.
    public Problem? Apply(T current, out T? patched)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var target = JsonSerializer.SerializeToNode(current, type)?.AsObject() ?? [];
        foreach (var member in patch.EnumerateObject())
        {
            // A null stays one here, where it means the same as absence, so that an unknown name is still noticed.
            target[member.Name] = Merge(target[member.Name], member.Value);
        }

        try
        {
            patched = target.Deserialize(type);
            return null;
        }
        catch (JsonException e)
        {
            patched = default;
            return JsonFault.Describe(e);
        }
    }

    private static JsonNode? Merge(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
            return patch.ValueKind == JsonValueKind.Null ? null : JsonSerializer.SerializeToNode(patch, ApiJsonContext.Strict.JsonElement);

        var merged = target is JsonObject known ? (JsonObject)known.DeepClone() : [];
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                merged.Remove(member.Name);
            else
                merged[member.Name] = Merge(merged[member.Name], member.Value);
        }

        return merged;
    }
}
