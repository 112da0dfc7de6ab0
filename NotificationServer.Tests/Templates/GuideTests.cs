using System.Text.RegularExpressions;
using NotificationServer.Templates.Functions;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Templates;

/// docs/templates.md says what templates do; each of its examples does it.
public sealed partial class GuideTests
{
    private static readonly string Guide = Source.Read("docs/templates.md");

    public static TheoryData<string, string, string> Examples()
    {
        var examples = new TheoryData<string, string, string>();
        foreach (Match row in Row().Matches(Guide)) examples.Add(row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value.Trim());
        return examples;
    }

    [Theory, MemberData(nameof(Examples))]
    public void An_example_does_what_the_guide_says(string template, string data, string expected)
    {
        var said = template.StartsWith('<') || template.Contains("title=", StringComparison.Ordinal)
            ? Spoken.Html(template, data, "de-CH", "Europe/Zurich")
            : Spoken.Sms(template, data, "de-CH", "Europe/Zurich");

        if (expected.StartsWith('`')) Assert.Equal(expected.Trim('`'), said.Replace('\u00a0', ' ').Replace('\u202f', ' '));
        else Assert.StartsWith(expected.StartsWith("refused", StringComparison.Ordinal) ? "refused: " : "problem: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guide_has_an_example_of_every_helper()
    {
        var written = string.Join('\n', Row().Matches(Guide).Select(row => row.Groups[1].Value));

        Assert.Empty(FunctionList.Names.Where(name => !Regex.IsMatch(written, $@"[{{(#]{name} ")).Except(["notEquals", "lessThan"]));
    }

    [GeneratedRegex(@"^\| `([^|]+?)` \| `(\{.*?\})` \| (.+?) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
