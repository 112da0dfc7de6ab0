using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Api.Consents;

internal static class ListConsents
{
    private const string List = "consents";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}/consents", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(ListConsents))
        .WithSummary("Every yes and no of a user, oldest first")
        .WithDescription("Only ever appended to. Each row carries the hash of the one before it.");

    private static async Task<Results<Ok<Page<ConsentView>>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, [AsParameters] PageQuery page, Cursors cursors, ConsentHistory history, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem)
            return problem;

        var found = await history.ListAsync(user, after is null ? Guid.Empty : Guid.ParseExact(after[0], "N"), page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(found, page.Size, ConsentView.Of, last => cursors.Seal(List, last.Id.ToString("N"))));
    }
}
