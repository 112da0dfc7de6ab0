using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Blocks;

internal static class DeleteBlock
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/users/{user_id}/block", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(DeleteBlock))
        .WithSummary("Take a block back");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, BlockStore blocks, Caller caller, CancellationToken ct) =>
        await blocks.DeleteAsync(user, caller.Actor, null, ct) ? TypedResults.NoContent() : Problems.NotFound();
}
