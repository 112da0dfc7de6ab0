using System.Text;
using System.Text.Unicode;

namespace NotificationServer.Recipients.Imports;

/// The cells of one row of RFC 4180.
internal static class CsvCells
{
    /// Not null: what is wrong with the row.
    public static (string Code, string Message)? Read(ReadOnlySpan<byte> row, List<string> cells)
    {
        cells.Clear();
        if (!Utf8.IsValid(row)) return ("invalid_utf8", "This row is not UTF-8");
        if (row.Contains((byte)0)) return ("nul_character", "Contains a NUL character");
        for (var rest = row; ;)
        {
            if (!TryCell(ref rest, out var cell, out var isLast)) return ("bad_quotes", "A quoted cell ends with its quote, and a quote within it is doubled");
            cells.Add(cell);
            if (isLast) return null;
        }
    }

    private static bool TryCell(ref ReadOnlySpan<byte> rest, out string cell, out bool isLast)
    {
        if (rest.IsEmpty || rest[0] != (byte)'"')
        {
            var comma = rest.IndexOf((byte)',');
            isLast = comma < 0;
            var plain = isLast ? rest : rest[..comma];
            cell = Encoding.UTF8.GetString(plain);
            if (!isLast) rest = rest[(comma + 1)..];
            return !plain.Contains((byte)'"');
        }

        (cell, isLast) = ("", true);
        var text = new StringBuilder();
        for (rest = rest[1..]; ;)
        {
            var quote = rest.IndexOf((byte)'"');
            if (quote < 0) return false;
            text.Append(Encoding.UTF8.GetString(rest[..quote]));
            rest = rest[(quote + 1)..];
            if (rest.IsEmpty || rest[0] != (byte)'"') break;
            text.Append('"');
            rest = rest[1..];
        }
        cell = text.ToString();
        isLast = rest.IsEmpty;
        if (isLast) return true;
        if (rest[0] != (byte)',') return false;
        rest = rest[1..];
        return true;
    }
}
