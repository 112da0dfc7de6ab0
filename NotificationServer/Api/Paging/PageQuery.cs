using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Paging;

/// `?limit=50&amp;cursor=...`, as a handler's parameter: `[AsParameters] PageQuery page`.
internal sealed record PageQuery
{
    [FromQuery(Name = "limit"), Description("1 to 200"), Range(1, PageQuery.MaxLimit)]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor"), Description("`next_cursor` of the page before")]
    public string? Cursor { get; init; }

    public const int MaxLimit = 200;
    private const int DefaultLimit = 50;

    public int Size => Limit ?? DefaultLimit;

    /// Not null: what is wrong with it. `position` is null on the first page, else what was sealed into the cursor.
    public Problem? Read(Cursors cursors, string list, int parts, out string[]? position)
    {
        position = null;
        if (Limit is < 1 or > MaxLimit)
            return Problems.InvalidParameter("query:limit", "out_of_range", $"limit is 1 to {MaxLimit}");
        if (Cursor is null)
            return null;
        if (!cursors.TryOpen(list, Cursor, parts, out position))
            return Problems.InvalidParameter("query:cursor", "invalid_cursor", "This is not a cursor of this list");
        return null;
    }
}

/// One page of a list.
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);

internal static class Page
{
    /// From one row more than asked for, which says whether there is a next page.
    public static Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, int size, Func<TRow, TItem> item, Func<TRow, string> cursorAfter) => new(
        rows.Take(size).Select(item).ToArray(), rows.Count > size ? cursorAfter(rows[size - 1]) : null);
}
