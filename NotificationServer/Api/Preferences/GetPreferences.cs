using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Preferences;

internal static class GetPreferences
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}/preferences", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(GetPreferences))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("What a user wants to get, and where");

    private static async Task<Results<Ok<PreferencesView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, PreferenceStore preferences, HttpContext http, CancellationToken ct)
    {
        if (await preferences.FindAsync(user, ct) is not { } stored)
            return Problems.NotFound();

        var view = PreferencesView.Of(stored);
        http.SetETag(view.Version);
        return TypedResults.Ok(view);
    }
}
