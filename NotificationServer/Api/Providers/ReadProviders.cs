using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Paging;
using NotificationServer.Channels;

namespace NotificationServer.Api.Providers;

internal static class ReadProviders
{
    private const string List = "providers";

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/providers", ListAsync)
            .RequireScope(Scopes.OpsRead)
            .WithName("ListProviders")
            .WithSummary("The provider accounts, with their health")
            .WithDescription("Those that people added and those of the server's configuration. Secrets are never shown.");
        v1.MapGet("/providers/{account}", GetAsync)
            .RequireScope(Scopes.OpsRead)
            .WithName("GetProvider")
            .WithSummary("One provider account, with its health");
    }

    private static async Task<Results<Ok<Page<ProviderView>>, Problem>> ListAsync(
        [AsParameters] PageQuery page, Cursors cursors, ProviderAccounts accounts, ProviderViews views, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem) return problem;
        var from = after?[0] ?? "";
        var found = accounts.All.Where(account => string.CompareOrdinal(account.Key, from) > 0).OrderBy(account => account.Key, StringComparer.Ordinal).Take(page.Size + 1);
        return TypedResults.Ok(Page.Of(await views.OfAsync(found, ct), page.Size, view => view, last => cursors.Seal(List, last.Key)));
    }

    private static async Task<Results<Ok<ProviderView>, Problem>> GetAsync(
        string account, ProviderAccounts accounts, ProviderViews views, HttpContext http, CancellationToken ct)
    {
        if (accounts.Find(account) is not { } found) return Problems.NotFound();
        if (found.Row is { } row) http.SetETag(row.Version);
        return TypedResults.Ok(await views.OfAsync(found, ct));
    }
}
