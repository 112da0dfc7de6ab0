using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class DeleteCategory
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/categories/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(DeleteCategory))
        .WithSummary("Give up a kind of message")
        .WithDescription("409 while a template is of it. What people said about it is kept, and still respected by what waits to be sent.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(CategoryKey key, CategoryStore categories, Caller caller, CancellationToken ct) =>
        await categories.DeleteAsync(key.Value, caller.Actor, ct) switch
        {
            CategoryStore.DeleteResult.Deleted => TypedResults.NoContent(),
            CategoryStore.DeleteResult.Unknown => Problems.NotFound(),
            CategoryStore.DeleteResult.InUse => Problems.Conflict("wrong_state", "Templates are of this category"),
        };
}
