namespace NotificationServer.Templates.Versions;

internal enum LineChange
{
    Keep,
    Remove,
    Add,
}

internal readonly record struct DiffLine(LineChange Change, string Text);

/// Lines around a change. The counts begin at 1, as `diff -u` has them; 0 where that side has no line here.
internal sealed record DiffHunk(int FromLine, int FromCount, int ToLine, int ToCount, IReadOnlyList<DiffLine> Lines);

/// The shortest way from one text to another, line by line (Myers 1986), as hunks with a few lines around each change.
internal static class LineDiff
{
    private const int Context = 3;
    /// Beyond that the texts have so little in common that one is shown after the other.
    private const int MaxChanges = 1_000;

    public static IReadOnlyList<DiffHunk> Of(string? from, string? to)
    {
        var (a, b) = (Lines(from), Lines(to));
        return Hunks(Script(a, b));
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.ReplaceLineEndings("\n").Split('\n');

    private static List<DiffLine> Script(string[] a, string[] b)
    {
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head]) head++;
        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)]) tail++;

        List<DiffLine> lines = [.. a[..head].Select(Keep)];
        lines.AddRange(Middle(a[head..^tail], b[head..^tail]));
        lines.AddRange(a[^tail..].Select(Keep));
        return lines;
    }

    private static DiffLine Keep(string text) => new(LineChange.Keep, text);

    private static List<DiffLine> Middle(string[] a, string[] b)
    {
        if (a.Length > 0 && b.Length > 0 && Trace(a, b) is { } trace) return Back(a, b, trace);
        return [.. a.Select(text => new DiffLine(LineChange.Remove, text)), .. b.Select(text => new DiffLine(LineChange.Add, text))];
    }

    /// How far each diagonal was reached with 0, 1, 2 ... changes; null if too many would be needed.
    private static List<int[]>? Trace(string[] a, string[] b)
    {
        var trace = new List<int[]>();
        var most = Math.Min(a.Length + b.Length, MaxChanges);
        var reach = new int[2 * most + 3];
        for (var changes = 0; changes <= most; changes++)
        {
            // Only the diagonals that can have been touched so far, so that all steps together stay small.
            trace.Add(reach[(most + 1 - changes - 1)..(most + 1 + changes + 2)]);
            for (var k = -changes; k <= changes; k += 2)
            {
                var at = most + 1 + k;
                var x = k == -changes || (k != changes && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
                while (x < a.Length && x - k < b.Length && a[x] == b[x - k]) x++;
                reach[at] = x;
                if (x >= a.Length && x - k >= b.Length) return trace;
            }
        }
        return null;
    }

    private static List<DiffLine> Back(string[] a, string[] b, List<int[]> trace)
    {
        var lines = new List<DiffLine>();
        var (x, y) = (a.Length, b.Length);
        for (var changes = trace.Count - 1; changes > 0; changes--)
        {
            var (reach, middle) = (trace[changes], changes + 1);
            var k = x - y;
            var down = k == -changes || (k != changes && reach[middle + k - 1] < reach[middle + k + 1]);
            var before = down ? k + 1 : k - 1;
            var (fromX, fromY) = (reach[middle + before], reach[middle + before] - before);
            for (; x > fromX && y > fromY; x--, y--) lines.Add(Keep(a[x - 1]));
            lines.Add(down ? new DiffLine(LineChange.Add, b[y - 1]) : new DiffLine(LineChange.Remove, a[x - 1]));
            (x, y) = (fromX, fromY);
        }
        for (; x > 0; x--) lines.Add(Keep(a[x - 1]));
        lines.Reverse();
        return lines;
    }

    private static List<DiffHunk> Hunks(List<DiffLine> lines)
    {
        var hunks = new List<DiffHunk>();
        var (fromLine, toLine) = (1, 1);
        for (var i = 0; i < lines.Count;)
        {
            if (!ChangesWithin(lines, i, Context))
            {
                (fromLine, toLine, i) = (fromLine + 1, toLine + 1, i + 1);
                continue;
            }
            var end = i;
            while (end < lines.Count && (lines[end].Change != LineChange.Keep || ChangesWithin(lines, end, Context) || ChangesBefore(lines, end, Context))) end++;
            var part = lines[i..end];
            var (removed, added) = (part.Count(line => line.Change != LineChange.Add), part.Count(line => line.Change != LineChange.Remove));
            hunks.Add(new DiffHunk(removed == 0 ? fromLine - 1 : fromLine, removed, added == 0 ? toLine - 1 : toLine, added, part));
            (fromLine, toLine, i) = (fromLine + removed, toLine + added, end);
        }
        return hunks;
    }

    private static bool ChangesWithin(List<DiffLine> lines, int at, int reach)
    {
        for (var i = at; i <= at + reach && i < lines.Count; i++)
            if (lines[i].Change != LineChange.Keep) return true;
        return false;
    }

    private static bool ChangesBefore(List<DiffLine> lines, int at, int reach)
    {
        for (var i = at; i >= at - reach && i >= 0; i--)
            if (lines[i].Change != LineChange.Keep) return true;
        return false;
    }
}
