using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Channels.Accounts;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Providers;

internal static class ReencryptProviders
{
    /// `unreadable`: how many are under a key that this node does not have; their key must not go yet.
    public sealed record Response(string Key, int Reencrypted, int Unreadable);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/providers:reencrypt", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(ReencryptProviders))
        .WithSummary("Store every account's and webhook endpoint's secrets under the active key")
        .WithDescription("The last step of changing the key: after it the former key can be taken away.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        AccountEditor editor, EndpointKeys endpoints, AccountCipher cipher, Caller caller, CancellationToken ct)
    {
        if (cipher.Problem is not null) return Problems.Conflict("no_key", "This server has no key to keep secrets under: set Secrets__provider_key, see docs/providers.md");
        var (done, unreadable) = await editor.ReencryptAsync(caller.Actor, ct);
        var (also, notEither) = await endpoints.ReencryptAsync(ct);
        return TypedResults.Ok(new Response(cipher.ActiveKey, done + also, unreadable + notEither));
    }
}
