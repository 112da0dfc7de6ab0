using System.Buffers;
using System.Text;

namespace NotificationServer.Platform;

/// A line of a CSV file (RFC 4180) that is safe to open in a spreadsheet: what would run there as a formula begins with an apostrophe.
internal static class CsvLine
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n;'");

    public static void Append(StringBuilder text, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) text.Append(',');
            AppendCell(text, cells[i] ?? "");
        }
        text.Append("\r\n");
    }

    private static void AppendCell(StringBuilder text, string cell)
    {
        var clean = cell.Replace("\0", "", StringComparison.Ordinal);
        // Spreadsheets look past blanks and take the wide forms of these signs for the same.
        var isFormula = clean.TrimStart(' ', '\u00a0') is [var first, ..] && first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';
        if (isFormula) clean = "'" + clean;
        if (clean.AsSpan().IndexOfAny(Quoted) < 0) text.Append(clean);
        else text.Append('"').Append(clean.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
