using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Imports;

internal static class ListImportErrors
{
    private const string List = "import_errors";

    /// Row: as a spreadsheet counts them, the heading is row 1. Field: a pointer into the row.
    public sealed record ErrorView(int Row, string Field, string Code, string Message);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/imports/{id}/errors", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(ListImportErrors))
        .WithSummary("Everything that is wrong with an imported file, in the order of its rows");

    private static async Task<Results<Ok<Page<ErrorView>>, Problem>> HandleAsync(
        string id, [AsParameters] PageQuery page, Caller caller, Cursors cursors, ImportStore imports, CancellationToken ct)
    {
        var list = $"{List}/{id}";
        if (page.Read(cursors, list, 2, out var after) is { } problem)
            return problem;
        if (!PrefixedId.TryParse("op", id, out var import) || await imports.FindAsync(import, caller.ClientId, ct) is null)
            return Problems.NotFound();

        var (row, place) = after is null ? (-1, -1) : (int.Parse(after[0], CultureInfo.InvariantCulture), int.Parse(after[1], CultureInfo.InvariantCulture));
        var found = await imports.ListProblemsAsync(import, row, place, page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(found, page.Size, one => new ErrorView(one.Row, one.Field, one.Code, one.Message),
            last => cursors.Seal(list, last.Row.ToString(CultureInfo.InvariantCulture), last.Place.ToString(CultureInfo.InvariantCulture))));
    }
}
