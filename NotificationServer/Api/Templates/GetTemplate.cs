using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class GetTemplate
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(GetTemplate))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Read a template, the words in use and those of the newest draft");

    private static Task<Results<Ok<TemplateView>, Problem>> HandleAsync(string key, TemplateStore templates, HttpContext http, CancellationToken ct) =>
        AnswerAsync(key, templates, http, ct);

    internal static async Task<Results<Ok<TemplateView>, Problem>> AnswerAsync(string key, TemplateStore templates, HttpContext http, CancellationToken ct)
    {
        if (await templates.FindAsync(key, ct) is not { } template) return Problems.NotFound();
        var used = template.Published ?? template.Latest;
        if (await templates.FindVersionAsync(key, used, ct) is not { } version) return Problems.NotFound(); // deleted between the two reads
        var draft = used == template.Latest ? null : await templates.FindVersionAsync(key, template.Latest, ct);

        http.SetETag(template.Revision);
        return TypedResults.Ok(TemplateView.Of(template, version, draft));
    }
}
