using System.Globalization;
using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Users;

namespace NotificationServer.Api.Imports;

/// What the columns of a CSV are, by its heading: user_id, email, phone, locale, time_zone, country, tags (separated by |), and
/// attributes.NAME. A column that is there is set, and taken away where its cell is empty; what has no column stays.
internal sealed class CsvColumns
{
    private const string Attributes = "attributes.";
    private static readonly string[] Known = ["user_id", "email", "phone", "locale", "time_zone", "country", "tags"];

    private readonly string[] columns;
    private readonly HashSet<string> named;

    private CsvColumns(string[] columns)
    {
        this.columns = columns;
        named = columns.Select(name => name.StartsWith(Attributes, StringComparison.Ordinal) ? "attributes" : name).ToHashSet(StringComparer.Ordinal);
    }

    /// Null: see the errors.
    public static CsvColumns? Read(IReadOnlyList<string> heading, FieldErrors errors)
    {
        var columns = heading.Select(name => name.Trim()).ToArray();
        for (var i = 0; i < columns.Length; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"/rows/1/{i}");
            var isAttribute = columns[i].StartsWith(Attributes, StringComparison.Ordinal) && columns[i].Length is > 11 and <= 100 && !columns[i].Any(char.IsControl);
            errors.Check(isAttribute || Known.Contains(columns[i]), at, "unknown_column", $"Use {string.Join(", ", Known)} or attributes.NAME");
            errors.Check(Array.IndexOf(columns, columns[i]) == i, at, "duplicate_column", "This column is there twice");
        }
        errors.Check(columns.Contains("user_id"), "/rows/1", "required", "There is no column user_id");
        return errors.Any ? null : new CsvColumns(columns);
    }

    public ReadUser User(List<string> cells, FieldErrors errors)
    {
        if (cells.Count != columns.Length)
        {
            errors.Add("", "cell_count", $"This row has {cells.Count} cells, the heading {columns.Length}");
            return default;
        }
        var attributes = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            if (!columns[i].StartsWith(Attributes, StringComparison.Ordinal)) continue;
            errors.Check(!IsFormula(cells[i]), $"/{columns[i]}", "formula", "This would run as a formula in a spreadsheet");
            attributes.Add(columns[i][Attributes.Length..], Text(cells[i]));
        }
        return new ReadUser(new BulkUser(
            Cell("user_id") ?? "", Cell("email"), Cell("phone"), Cell("locale"), Cell("time_zone"), Cell("country"),
            attributes.Count == 0 ? null : JsonSerializer.SerializeToElement(attributes), Tags()), named, null);

        string? Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var at ? Text(cells[at]) : null;
        string[]? Tags() => Cell("tags")?.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Text(string cell) => cell.Length == 0 ? null : cell;

    /// What people type into names ends in a spreadsheet some day. A signed number is none.
    private static bool IsFormula(string cell) => cell.Length > 0 && (cell[0] is '=' or '@' or '\t' or '\r'
        || (cell[0] is '+' or '-' && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));
}
