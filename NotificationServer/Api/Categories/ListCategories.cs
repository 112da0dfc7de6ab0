using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class ListCategories
{
    private const string List = "categories";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/categories", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(ListCategories))
        .WithSummary("The kinds of message");

    private static async Task<Results<Ok<Page<CategoryView>>, Problem>> HandleAsync(
        [AsParameters] PageQuery page, Cursors cursors, CategoryStore categories, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem)
            return problem;

        var found = await categories.ListAsync(after?[0] ?? "", page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(found, page.Size, CategoryView.Of, last => cursors.Seal(List, last.Key)));
    }
}
