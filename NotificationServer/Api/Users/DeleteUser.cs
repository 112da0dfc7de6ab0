using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

internal static class DeleteUser
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/users/{user_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(DeleteUser))
        .WithSummary("Forget a user with all devices and preferences; a block and suppressed addresses stay");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, UserStore users, Caller caller, CancellationToken ct) =>
        await users.DeleteAsync(user, caller.Actor, ct) ? TypedResults.NoContent() : Problems.NotFound();
}
