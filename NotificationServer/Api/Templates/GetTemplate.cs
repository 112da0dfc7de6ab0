using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class GetTemplate
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(GetTemplate))
        .WithSummary("Read a template and the words in use");

    private static async Task<Results<Ok<TemplateView>, Problem>> HandleAsync(string key, TemplateStore templates, CancellationToken ct)
    {
        if (await templates.FindAsync(key, ct) is not { } template) return Problems.NotFound();
        return await templates.FindVersionAsync(key, template.Published ?? template.Latest, ct) is { } version
            ? TypedResults.Ok(TemplateView.Of(template, version))
            : Problems.NotFound(); // deleted between the two reads
    }
}
