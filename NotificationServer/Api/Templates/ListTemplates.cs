using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class ListTemplates
{
    private const string List = "templates";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(ListTemplates))
        .WithSummary("List templates by key");

    private static async Task<Results<Ok<Page<TemplateSummary>>, Problem>> HandleAsync(
        [AsParameters] PageQuery page, Cursors cursors, TemplateStore templates, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;

        var rows = await templates.ListAsync(position?[0], page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, TemplateSummary.Of, last => cursors.Seal(List, last.Key)));
    }
}
