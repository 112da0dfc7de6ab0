using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Description;

/// Types with a converter or a parser of their own are text to callers, which the generator cannot see.
internal sealed class DescribeText : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(DateTimeOffset))
        {
            schema.Type = bare == type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (bare == typeof(RecipientId) || bare == typeof(CategoryKey))
        {
            schema.Type = JsonSchemaType.String;
            schema.Properties?.Clear();
            schema.Required?.Clear();
            schema.Pattern = bare == typeof(RecipientId) ? RecipientId.Pattern : CategoryKey.Pattern;
        }

        return Task.CompletedTask;
    }
}
