using System.ComponentModel;
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

internal static class PutUser
{
    public sealed record Request(
        [property: Description("One plain address; an international domain is stored in its ASCII form")] string? Email = null,
        [property: Description("E.164 with the plus sign")] string? Phone = null,
        [property: Description("BCP 47, like de-CH")] string? Locale = null,
        [property: Description("IANA, like Europe/Zurich")] string? TimeZone = null,
        [property: Description("ISO 3166, two capital letters")] string? Country = null,
        [property: Description("Anything about the person that templates may say; a JSON object of at most 16 KB")] JsonElement? Attributes = null,
        string[]? Tags = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/users/{user_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(PutUser))
        .WithMetadata(new VersionedEndpoint())
        .WithRequestExample("""{"email":"ann@example.com","phone":"+41791234567","locale":"de-CH","time_zone":"Europe/Zurich","country":"CH","attributes":{"first_name":"Ann"},"tags":["beta"]}""")
        .WithSummary("Create a user, or replace all that is known of one");

    private static async Task<Results<Ok<UserView>, Created<UserView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, UserStore users, PhonePolicy phones, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } problem)
            return problem;

        var errors = new FieldErrors();
        var profile = UserRules.Check(body.Value, phones, errors);
        if (errors.Any)
            return errors.ToProblem();

        var stored = expected is null ? await users.PutAsync(user, profile, ct)
            : int.TryParse(expected, out var version) ? await users.ReplaceAsync(user, profile, version, ct)
            : null;
        if (stored is null)
            return Problems.VersionConflict();

        http.SetETag(stored.Version);
        var view = UserView.Of(stored);
        return stored.Version == 1 ? TypedResults.Created(view.Links.Self, view) : TypedResults.Ok(view);
    }
}
