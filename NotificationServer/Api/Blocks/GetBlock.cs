using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Blocks;

internal static class GetBlock
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}/block", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(GetBlock))
        .WithSummary("Why and until when a person is blocked; 404 for one that is not");

    private static async Task<Results<Ok<BlockView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, BlockStore blocks, CancellationToken ct) =>
        await blocks.FindAsync(user, ct) is { } block ? TypedResults.Ok(BlockView.Of(user, block)) : Problems.NotFound();
}
