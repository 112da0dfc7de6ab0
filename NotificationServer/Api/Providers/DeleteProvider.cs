using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Api.Providers;

internal static class DeleteProvider
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/providers/{account}", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(DeleteProvider))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Remove a provider account")
        .WithDescription("What is being sent through it comes to its end; what waits goes through the others. 409 while a routing rule names it, and for one of the server's configuration.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        string account, AccountEditor editor, ProviderAccounts accounts, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var asked) is { } badTag) return badTag;
        int? expected = null;
        if (asked is not null)
        {
            if (!int.TryParse(asked, out var version)) return Problems.VersionConflict();
            expected = version;
        }
        return (await editor.DeleteAsync(account, expected, caller.Actor, ct)).Status switch
        {
            AccountEdit.Deleted => TypedResults.NoContent(),
            AccountEdit.VersionConflict => Problems.VersionConflict(),
            AccountEdit.InUse => Problems.Conflict("wrong_state", "A routing rule names this account; change the rules first"),
            _ => accounts.IsInConfiguration(account)
                ? Problems.Conflict("wrong_state", "This account stands in the server's configuration; it is removed there") : Problems.NotFound(),
        };
    }
}
