using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NotificationServer.Api.Auth;

namespace NotificationServer.Api.Description;

/// The API describes itself at /openapi/v1.json, and in Development as pages at /docs.
internal static class DescriptionModule
{
    private const string Document = "v1";

    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) == true;
        options.CreateSchemaReferenceId = SchemaName;
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer<DescribeOperation>();
        options.AddSchemaTransformer<DescribeText>();
    });

    public static void MapDescription(this WebApplication app) => app.MapOpenApi().AllowAnonymous();

    public static void UseDescriptionPages(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.UseSwaggerUI(pages =>
            {
                pages.RoutePrefix = "docs";
                pages.DocumentTitle = "NotificationServer API";
                pages.SwaggerEndpoint($"/openapi/{Document}.json", Document);
            });
        }
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "NotificationServer",
            Version = Document,
            Description = """
                Tell people something over push, SMS and e-mail. A 202 means durable: the notification is committed before the answer.
                Delivery to providers is at least once. Errors are RFC 9457 problem details with a stable `code`. Times carry their offset.
                """,
        };
        document.AddComponent(ApiKeyHandler.Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "Authorization: Bearer nsk_live_... or, for messages that only reach the development inbox, nsk_test_...",
        });
        return Task.CompletedTask;
    }

    // Requests are nested in their endpoint and share a name.
    private static string? SchemaName(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && type.Type.DeclaringType is { } endpoint && !type.Type.IsGenericType
            ? endpoint.Name + name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
