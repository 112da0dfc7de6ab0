using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Paging;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

internal static class ReadPartials
{
    private const string List = "template-partials";
    private const string Versions = "template-partial-versions";

    public sealed record Version(
        int Number, string? Html, string? Text, IReadOnlyDictionary<string, PartialLocale> Locales, DateTimeOffset CreatedAt, string CreatedBy);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/template-partials", ListAsync)
            .RequireScope(Scopes.TemplatesWrite)
            .WithName("ListPartials")
            .WithSummary("List the texts that templates share, by key");
        v1.MapGet("/template-partials/{key}", GetAsync)
            .RequireScope(Scopes.TemplatesWrite)
            .WithName("GetPartial")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Read a partial, and which templates use it")
            .WithDescription("`used_by` names the published version and the newest draft of each template that holds a copy; outdated: of an older text than this.");
        v1.MapGet("/template-partials/{key}/versions", VersionsAsync)
            .RequireScope(Scopes.TemplatesWrite)
            .WithName("ListPartialVersions")
            .WithSummary("List the versions of a partial, newest first");
    }

    internal static async Task<Results<Ok<PartialView>, Problem>> GetAsync(string key, PartialStore partials, HttpContext http, CancellationToken ct)
    {
        if (await partials.FindAsync(key, ct) is not { } partial) return Problems.NotFound();
        http.SetETag(partial.Row.Revision);
        return TypedResults.Ok(PartialView.Of(partial, await partials.UsesAsync(key, ct)));
    }

    private static async Task<Results<Ok<Page<PartialSummary>>, Problem>> ListAsync(
        [AsParameters] PageQuery page, Cursors cursors, PartialStore partials, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;

        var rows = await partials.ListAsync(position?[0], page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, PartialSummary.Of, last => cursors.Seal(List, last.Key)));
    }

    private static async Task<Results<Ok<Page<Version>>, Problem>> VersionsAsync(
        string key, [AsParameters] PageQuery page, Cursors cursors, PartialStore partials, CancellationToken ct)
    {
        if (page.Read(cursors, Versions, 1, out var position) is { } problem) return problem;

        int? before = position is null ? null : int.Parse(position[0], CultureInfo.InvariantCulture); // our own words, sealed
        var rows = await partials.VersionsAsync(key, before, page.Size + 1, ct);
        // Every partial has a version.
        if (rows.Count == 0 && before is null) return Problems.NotFound();
        return TypedResults.Ok(Page.Of(rows, page.Size, Of, last => cursors.Seal(Versions, last.Version.ToString(CultureInfo.InvariantCulture))));
    }

    private static Version Of(StoredPartialVersion version) => new(
        version.Version, version.Texts.Html, version.Texts.Text, PartialLocale.Of(version.Texts) ?? new Dictionary<string, PartialLocale>(), version.CreatedAt, version.CreatedBy);
}
