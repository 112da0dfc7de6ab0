using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Description;

/// What holds for every endpoint and is therefore said at none: the key and its scopes, the errors, the headers.
internal sealed class DescribeOperation : IOpenApiOperationTransformer
{
    private static readonly (int Status, string When)[] Always =
    [
        (400, "The request could not be read"), (401, "No valid key"), (403, "The key lacks a scope"), (429, "Too many requests; see Retry-After"),
        (500, "An error of ours"), (503, "Temporarily unavailable; see Retry-After"),
    ];

    private static readonly (int Status, string When)[] WithBody =
        [(413, "The body is too large"), (415, "The body is not JSON"), (422, "Fields need attention; see errors")];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var scopes = metadata.OfType<ScopeRequirement>().Select(r => r.Scope).ToArray();
        if (scopes.Length > 0)
            operation.Description = $"{operation.Description}\n\nScope: {string.Join(", ", scopes.Select(s => $"`{s}`"))}".Trim();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyHandler.Scheme, context.Document)] = [.. scopes] }];

        if (operation.RequestBody?.Content is { } contents && metadata.OfType<RequestExample>().LastOrDefault() is { } example)
        {
            foreach (var content in contents.Values)
                content.Example = JsonNode.Parse(example.Json);
        }

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, ct);
        context.Document?.AddComponent(nameof(ProblemDocument), problem);
        foreach (var (status, when) in Errors(operation, metadata))
            AddError(operation, context.Document, status, when);
    }

    private static IEnumerable<(int Status, string When)> Errors(OpenApiOperation operation, IList<object> metadata)
    {
        var errors = Always.AsEnumerable();
        if (operation.RequestBody is not null)
            errors = errors.Concat(WithBody);
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true)
            errors = errors.Append((404, "There is no such thing, or it is not yours"));
        return metadata.OfType<VersionedEndpoint>().Any() ? errors.Append((412, "It was changed since; see If-Match")) : errors;
    }

    private static void AddError(OpenApiOperation operation, OpenApiDocument? document, int status, string when)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
        {
            Description = when,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemDocument), document) },
            },
        });
    }
}

/// Answers with an ETag, and takes it back as If-Match.
internal sealed record VersionedEndpoint;
