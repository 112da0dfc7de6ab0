using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class GetCategory
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/categories/{key}", HandleAsync)
        .RequireScope(Scopes.NotificationsRead)
        .WithName(nameof(GetCategory))
        .WithSummary("One kind of message");

    private static async Task<Results<Ok<CategoryView>, Problem>> HandleAsync(CategoryKey key, CategoryStore categories, CancellationToken ct) =>
        await categories.FindAsync(key.Value, ct) is { } category ? TypedResults.Ok(CategoryView.Of(category)) : Problems.NotFound();
}
