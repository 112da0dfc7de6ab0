using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Api.Consents;

internal static class CreatePreferenceLink
{
    private const int Least = 300, Most = 366 * 24 * 3600;

    public sealed record Request([property: Description("Seconds, 300 to a year; null: the server's default")] int? ExpiresIn = null);

    public sealed record Response(string Url);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/users/{user_id}/preference-link", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(CreatePreferenceLink))
        .WithRequestExample("""{"expires_in":86400}""")
        .WithSummary("A link to the page on which a user chooses what to get, without a sign-in")
        .WithDescription("Whoever has the link can see and change these choices, and nothing else. It works until the end of the day on which it expires.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, PersonalLinks links, UserStore users, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Check(body.Value.ExpiresIn is null or (>= Least and <= Most), "/expires_in", "out_of_range", $"Use {Least} to {Most} seconds");
        if (errors.Any)
            return errors.ToProblem();
        if (await users.FindAsync(user, ct) is not { } known)
            return Problems.NotFound();

        var validFor = body.Value.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return links.Preferences(new PersonalLink { UserId = known.Id, Locale = known.Locale }, validFor) is { } url
            ? TypedResults.Ok(new Response(url)) : Problems.Conflict("wrong_state", PersonalLinks.NoAddress);
    }
}
