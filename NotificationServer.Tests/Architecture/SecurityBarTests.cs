using System.Reflection;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Architecture;

/// docs/security.md says no more and no less than the tests.
public sealed partial class SecurityBarTests
{
    /// Numbers that the catalogue never gave.
    private static readonly int[] NoInputs = [4, 8, 12, 16, 17, 22, 27, 44];

    private static readonly IReadOnlyDictionary<string, string> Rows = Row().Matches(Source.Read("docs/security.md"))
        .ToDictionary(row => row.Groups["line"].Value, row => row.Groups["rest"].Value.Trim());

    private static readonly HashSet<string> Held = [.. typeof(SecurityBarTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Append(type))
        .SelectMany(member => member.GetCustomAttribute<BarAttribute>(inherit: false)?.Lines ?? [])];

    private static readonly IReadOnlyList<string> All =
        [.. Enumerable.Range(1, 40).Select(n => $"S{n:00}"), .. Enumerable.Range(1, 60).Except(NoInputs).Select(n => $"B{n:00}")];

    [Fact]
    public void Every_line_stands_in_the_document_once() => Assert.Equal(All, Rows.Keys);

    [Fact]
    public void A_line_that_is_met_has_a_test_and_one_that_is_not_says_what_is_missing()
    {
        Violations.None(from row in Rows
                        let state = row.Key[0] == 'B' ? "met" : row.Value.Split('|')[^2].Trim()
                        let why = state is "met" ? Held.Contains(row.Key) ? null : "has no test"
                            : Missing().IsMatch(state) ? state.StartsWith("no", StringComparison.Ordinal) || Held.Contains(row.Key) ? null : "is partly met and has no test"
                            : "is neither met, nor partly or not with a reason"
                        where why is not null
                        select $"{row.Key} {why}");
    }

    [Fact]
    public void No_test_holds_a_line_that_there_is_not() => Violations.None(Held.Except(All));

    [GeneratedRegex(@"^\| (?<line>[SB]\d\d) \|(?<rest>.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^(partly|no): .{20,}")]
    private static partial Regex Missing();
}
