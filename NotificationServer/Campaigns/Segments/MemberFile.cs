using System.Globalization;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Campaigns.Segments;

/// A list of people as a CSV: the column `user_id`, whatever others there are; or no heading, and nothing but ids. Holds one row at a time.
internal sealed class MemberFile(Stream source)
{
    private const string Column = "user_id";

    private readonly RowReader reader = new(source, quotes: true);
    private readonly List<string> cells = [];
    private int column = -1;

    /// Either of the two.
    internal readonly record struct Judged(string? UserId, PlanError? Error);

    /// Null: the end.
    public async ValueTask<Judged?> NextAsync(CancellationToken ct)
    {
        while (await reader.NextAsync(ct) is { } row)
        {
            if (row.TooLong) return Wrong(row.Number, "row_too_long", $"At most {RowReader.MostRowBytes} bytes a row");
            var bytes = row.Bytes.Span;
            if (row.Number == 1 && RowReader.IsNoText(bytes)) return Wrong(1, "not_text", "Send text in UTF-8, not an archive or another encoding");
            if (bytes.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0) continue;
            if (CsvCells.Read(bytes, cells) is { } fault) return Wrong(row.Number, fault.Code, fault.Message);
            if (column < 0)
            {
                column = cells.FindIndex(cell => cell.Trim().Equals(Column, StringComparison.OrdinalIgnoreCase));
                if (column >= 0) continue;
                if (cells is not [var only] || !RecipientId.IsValid(only.Trim())) return Wrong(row.Number, "no_column", "The first row names the columns, and one of them is user_id");
                column = 0;
            }
            var id = column < cells.Count ? cells[column].Trim() : "";
            return RecipientId.IsValid(id) ? new Judged(id, null)
                : Wrong(row.Number, "invalid_id", id.Length == 0 ? "There is no user_id in this row" : "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -, beginning with a letter, a digit or _");
        }
        return null;
    }

    /// A file without the column is wrong as a whole, not in each of its rows.
    public bool IsHopeless => column < 0;

    private static Judged Wrong(int row, string code, string message) =>
        new(null, new PlanError(string.Create(CultureInfo.InvariantCulture, $"/rows/{row}"), code, message));
}
