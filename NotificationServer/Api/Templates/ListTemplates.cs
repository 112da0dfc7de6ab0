using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class ListTemplates
{
    private const string List = "templates";
    private static readonly string[] Statuses = ["draft", "published", "archived"];

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(ListTemplates))
        .WithSummary("List templates by key");

    private static async Task<Results<Ok<Page<TemplateSummary>>, Problem>> HandleAsync(
        string? category,
        [Description("draft (nothing is published yet), published or archived; left out: all but the archived")] string? status,
        [Description("A part of the key or of the name")] string? q,
        [AsParameters] PageQuery page, Cursors cursors, TemplateList templates, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;
        if (status is not null && !Statuses.Contains(status))
            return Problems.InvalidParameter("query:status", "unknown_status", "Use draft, published or archived");
        foreach (var (name, text) in new[] { ("category", category), ("q", q) })
            if (text?.Contains('\0', StringComparison.Ordinal) == true) return Problems.InvalidParameter($"query:{name}", "nul_character", "Contains a NUL character");

        var rows = await templates.ListAsync(new TemplateFilter(category, status, string.IsNullOrEmpty(q) ? null : q), position?[0], page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, TemplateSummary.Of, last => cursors.Seal(List, last.Key)));
    }
}
