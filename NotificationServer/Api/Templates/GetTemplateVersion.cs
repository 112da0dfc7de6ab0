using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class GetTemplateVersion
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates/{key}/versions/{version}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(GetTemplateVersion))
        .WithSummary("Read one version of a template");

    private static async Task<Results<Ok<TemplateVersionView>, Problem>> HandleAsync(
        string key, int version, TemplateStore templates, CancellationToken ct) =>
        await templates.FindVersionAsync(key, version, ct) is { } found ? TypedResults.Ok(TemplateVersionView.Of(found)) : Problems.NotFound();
}
