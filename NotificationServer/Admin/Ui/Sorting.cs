namespace NotificationServer.Admin.Ui;

/// How a list is ordered, as `?sort=` says it; see `th sort-by`.
internal static class Sorting
{
    /// `changed` rises and `-changed` falls. Null: none of the columns; then it is as it always is.
    public static (string? Column, bool Falls) Of(string? sort, params string[] columns)
    {
        var falls = sort?.StartsWith('-') == true;
        var column = falls ? sort![1..] : sort; // it begins with something
        return column is not null && columns.Contains(column) ? (column, falls) : (null, false);
    }
}
