using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

internal static class GetUser
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(GetUser))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("What is known of a user");

    private static async Task<Results<Ok<UserView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, UserStore users, HttpContext http, CancellationToken ct)
    {
        if (await users.FindAsync(user, ct) is not { } stored)
            return Problems.NotFound();

        http.SetETag(stored.Version);
        return TypedResults.Ok(UserView.Of(stored));
    }
}
