using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class ListTemplateVersions
{
    private const string List = "template-versions";

    /// A version in a list: what it has words for, not the words.
    public sealed record Item(
        int Version, bool Published, IReadOnlyList<string> Channels, IReadOnlyList<string> Locales, int? RestoredFrom, DateTimeOffset CreatedAt, string CreatedBy);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/templates/{key}/versions", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(ListTemplateVersions))
        .WithSummary("List the versions of a template, newest first");

    private static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync(
        string key, [AsParameters] PageQuery page, Cursors cursors, TemplateList templates, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;

        int? before = position is null ? null : int.Parse(position[0], CultureInfo.InvariantCulture); // our own words, sealed
        var rows = await templates.VersionsAsync(key, before, page.Size + 1, ct);
        // Every template has a version.
        if (rows.Count == 0 && before is null) return Problems.NotFound();
        return TypedResults.Ok(Page.Of(rows, page.Size,
            row => new Item(row.Version, row.Published, row.Channels, row.Locales, row.RestoredFrom, row.CreatedAt, row.CreatedBy),
            last => cursors.Seal(List, last.Version.ToString(CultureInfo.InvariantCulture))));
    }
}
