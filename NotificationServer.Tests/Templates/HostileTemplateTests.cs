using System.Diagnostics;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

/// Each is refused with a reason, or says something bounded, or fails with a reason; none ends in another way (reliability.md B46-B51).
[Bar("S28", "B46", "B47", "B48", "B49", "B50")]
public sealed class HostileTemplateTests
{
    private static readonly TextRule[] Rules = [TextRule.Sms, TextRule.Subject, TextRule.MailHtml];

    public static TheoryData<string> Names => [.. HostileTemplates.All().Select(hostile => hostile.Name)];

    [Fact]
    public void There_are_at_least_a_hundred_of_them_and_each_is_another()
    {
        var all = HostileTemplates.All().ToList();

        Assert.True(all.Count >= 100, $"{all.Count}");
        Assert.Equal(all.Count, all.Select(hostile => hostile.Name).Distinct().Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_hostile_template_is_refused_or_stopped_or_says_little(string name)
    {
        var text = HostileTemplates.All().Single(hostile => hostile.Name == name).Text;
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var rule in Rules)
        {
            var said = Spoken.Say(text, rule, HostileTemplates.Data, "de-CH", "Europe/Zurich", HostileTemplates.Partials);

            Assert.InRange(said.Length, 0, rule.MaxBytes + 4_000);
            Assert.DoesNotContain("System.", said.StartsWith("refused", StringComparison.Ordinal) ? "" : said.Replace("@System.IO", "", StringComparison.Ordinal), StringComparison.Ordinal);
            if (rule.SingleLine && !said.StartsWith("refused", StringComparison.Ordinal)) Assert.DoesNotContain(said, char.IsControl);
        }
        // What it may cost is counted in what it allocates: clocks of busy machines prove nothing. The clock is a last net.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("{{a}}")]
    [InlineData("{{upper a}}")]
    [InlineData("{{default a \"x\"}}")]
    [InlineData("{{truncate a 90}}")]
    [InlineData("{{#each l}}{{this}}{{/each}}")]
    [InlineData("{{#if a}}{{a}}{{/if}}\r\nX: y")]
    [InlineData("{{default no \"x\r\nBcc: y\"}}")]
    [InlineData("{{plural 1 other=\"x\n#\"}}")]
    [Bar("S29")]
    public void No_value_and_no_helper_makes_a_second_line_of_a_subject_or_a_title(string template)
    {
        var controls = string.Concat(Enumerable.Range(0, 32).Append(127).Concat(Enumerable.Range(128, 32)).Select(c => (char)c)) + "\u2028\u2029";
        var data = System.Text.Json.JsonSerializer.Serialize(new { a = $"x\r\nBcc: all@x.test{controls}y", l = new[] { "x\n", "\ry" } });
        foreach (var rule in (TextRule[])[TextRule.Subject, TextRule.Title])
        {
            var said = Spoken.Say(template, rule, data);

            Assert.DoesNotContain("problem:", said, StringComparison.Ordinal);
            Assert.DoesNotContain(said, c => char.IsControl(c) || c is '\u2028' or '\u2029');
        }
    }
}
