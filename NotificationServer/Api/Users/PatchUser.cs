using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

internal static class PatchUser
{
    /// A patch names what it changes, so that losing a race is no reason to bother the caller, unless the caller said so (If-Match).
    private const int Tries = 5;

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/users/{user_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(PatchUser))
        .WithMetadata(new VersionedEndpoint())
        .WithRequestExample("""{"phone":null,"attributes":{"plan":"pro"}}""")
        .WithSummary("Change some of what is known of a user (JSON merge patch)");

    private static async Task<Results<Ok<UserView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, MergePatch<PutUser.Request> patch, UserStore users, PhonePolicy phones, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem)
            return problem;

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await users.FindAsync(user, ct) is not { } current)
                return Problems.NotFound();
            if (expected is not null && expected != current.Version.ToString(CultureInfo.InvariantCulture))
                return Problems.VersionConflict();
            if (patch.Apply(Known(current), out var request) is { } fault)
                return fault;

            var errors = new FieldErrors();
            var profile = UserRules.Check(request!, phones, errors); // there was no fault
            if (errors.Any)
                return errors.ToProblem();

            if (await users.ReplaceAsync(user, profile, current.Version, ct) is { } stored)
            {
                http.SetETag(stored.Version);
                return TypedResults.Ok(UserView.Of(stored));
            }
        }

        return Problems.VersionConflict();
    }

    private static PutUser.Request Known(StoredUser user)
    {
        using var attributes = JsonDocument.Parse(user.Attributes);
        return new PutUser.Request(user.Email, user.Phone, user.Locale, user.TimeZone, user.Country, attributes.RootElement.Clone(), user.Tags);
    }
}
