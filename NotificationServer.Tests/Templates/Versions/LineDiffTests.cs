using NotificationServer.Templates.Versions;

namespace NotificationServer.Tests.Templates.Versions;

public sealed class LineDiffTests
{
    [Fact]
    public void A_change_is_shown_with_three_lines_around_it()
    {
        var hunk = Assert.Single(LineDiff.Of("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nfive\n6\n7\n8\n9"));

        Assert.Equal((2, 7, 2, 7), (hunk.FromLine, hunk.FromCount, hunk.ToLine, hunk.ToCount));
        Assert.Equal([" 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"], hunk.Lines.Select(Shown));
    }

    [Fact]
    public void Changes_far_from_each_other_are_hunks_of_their_own()
    {
        var from = string.Join('\n', Enumerable.Range(1, 40));
        var hunks = LineDiff.Of(from, from.Replace("\n5\n", "\n", StringComparison.Ordinal).Replace("\n30\n", "\n30\n30b\n", StringComparison.Ordinal));

        Assert.Equal([(2, 7, 2, 6), (28, 6, 27, 7)], hunks.Select(h => (h.FromLine, h.FromCount, h.ToLine, h.ToCount)));
    }

    [Theory]
    [InlineData(null, "a\nb", 0, 0, 1, 2)]
    [InlineData("a\nb", null, 1, 2, 0, 0)]
    [InlineData("a", "b", 1, 1, 1, 1)]
    public void What_is_new_or_gone_is_all_added_or_removed(string? from, string? to, int fromLine, int fromCount, int toLine, int toCount)
    {
        var hunk = Assert.Single(LineDiff.Of(from, to));
        Assert.Equal((fromLine, fromCount, toLine, toCount), (hunk.FromLine, hunk.FromCount, hunk.ToLine, hunk.ToCount));
    }

    [Fact]
    public void Equal_texts_have_no_difference_whatever_their_line_ends() => Assert.Empty(LineDiff.Of("a\r\nb", "a\nb"));

    /// The differences alone lead from one text to the other, and no shorter way is overlooked where the texts are small.
    [Fact]
    public void The_hunks_applied_to_one_text_give_the_other()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (from, to) = (Some(random), Some(random));
            var hunks = LineDiff.Of(string.Join('\n', from), string.Join('\n', to));
            Assert.Equal(to, Applied(from, hunks));
            Assert.Equal(Shortest(from, to), hunks.Sum(hunk => hunk.Lines.Count(line => line.Change != LineChange.Keep)));
        }
    }

    [Fact]
    public void Texts_that_have_nothing_in_common_are_shown_one_after_the_other()
    {
        var from = string.Join('\n', Enumerable.Range(0, 3_000).Select(n => $"a{n}"));
        var to = string.Join('\n', Enumerable.Range(0, 3_000).Select(n => $"b{n}"));

        var hunk = Assert.Single(LineDiff.Of(from, to));
        Assert.Equal(LineChange.Remove, hunk.Lines[2_999].Change);
        Assert.Equal(LineChange.Add, hunk.Lines[3_000].Change);
    }

    private static string[] Some(Random random) => [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => $"{(char)('a' + random.Next(5))}")];

    private static List<string> Applied(string[] from, IReadOnlyList<DiffHunk> hunks)
    {
        var result = new List<string>();
        var at = 0;
        foreach (var hunk in hunks)
        {
            var start = hunk.FromCount == 0 ? hunk.FromLine : hunk.FromLine - 1;
            result.AddRange(from[at..start]);
            Assert.Equal(hunk.ToCount == 0 ? hunk.ToLine : hunk.ToLine - 1, result.Count);
            Assert.Equal(from[start..(start + hunk.FromCount)], hunk.Lines.Where(line => line.Change != LineChange.Add).Select(line => line.Text));
            result.AddRange(hunk.Lines.Where(line => line.Change != LineChange.Remove).Select(line => line.Text));
            at = start + hunk.FromCount;
        }
        result.AddRange(from[at..]);
        return result;
    }

    private static int Shortest(string[] a, string[] b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
                cost[i, j] = i == 0 ? j : j == 0 ? i : a[i - 1] == b[j - 1] ? cost[i - 1, j - 1] : 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]);
        return cost[a.Length, b.Length];
    }

    private static string Shown(DiffLine line) => (line.Change switch { LineChange.Keep => ' ', LineChange.Remove => '-', LineChange.Add => '+' }) + line.Text;
}
