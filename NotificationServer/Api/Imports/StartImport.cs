using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Platform;

namespace NotificationServer.Api.Imports;

internal static class StartImport
{
    private static readonly string[] LineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

    /// `errors_url` lists every problem, with its row.
    public sealed record Started(string OperationId, string Status, int Rows, int BadRows, int Problems, string? ErrorsUrl);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/imports", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .AllowImportBody()
        .WithName(nameof(StartImport))
        .WithSummary("Create or change users by the file, CSV or NDJSON")
        .WithDescription("""
            The body is the file: `text/csv` in UTF-8 with a heading (user_id, email, phone, locale, time_zone, country, tags separated by |, attributes.NAME; an
            empty cell takes the value away), or `application/x-ndjson` with an item of `POST /v1/users:batch` a line. It is judged as it is read; a file with
            a problem is refused whole (422, nothing stored), unless `on_error=skip`. What is good is then stored in the background: see `GET /v1/imports/{id}`
            or `GET /v1/operations/{id}`. A file whose upload broke off stored nothing. Sending the same file again changes nothing.
            """)
        .Produces<Started>(StatusCodes.Status202Accepted);

    private static async Task<Results<Accepted<Started>, Problem>> HandleAsync(
        [FromQuery(Name = "dry_run"), Description("Only judge the file")] bool? dryRun,
        [FromQuery(Name = "on_error"), Description("reject (the default): all rows or none; skip: the good ones")] string? onError,
        Caller caller, ImportIntake intake, HttpContext http, CancellationToken ct)
    {
        if (onError is not (null or "reject" or "skip"))
            return Problems.InvalidParameter("query:on_error", "unknown_value", "Use reject or skip");
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !IsKnown(type, out var isCsv))
            return Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType) with { Title = "Not a list of users", Detail = "Send text/csv or application/x-ndjson, in UTF-8" };

        var (import, shown) = await intake.ReadAsync(http.Request.Body, new ImportIntake.Wish(isCsv, dryRun ?? false, onError == "skip"), caller, ct);
        var id = PrefixedId.Format("op", import.Id);
        var errors = import.Problems > 0 ? $"/v1/imports/{id}/errors" : null;
        if (import.Status != "failed")
            return TypedResults.Accepted($"/v1/imports/{id}", new Started(id, import.Status, import.RowsRead, import.RowsBad, import.Problems, errors));

        http.Response.Headers.Location = errors;
        return Problems.Validation(shown) with { Detail = $"{import.Problems} problems in {import.RowsBad} of {import.RowsRead} rows; nothing was stored. All of them: {errors}" };
    }

    private static bool IsKnown(MediaTypeHeaderValue type, out bool isCsv)
    {
        isCsv = type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase);
        return (isCsv || LineTypes.Any(known => type.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase)))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
