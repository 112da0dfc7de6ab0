using System.Globalization;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

public sealed class PartialTests
{
    private static readonly Dictionary<string, string> Shared = new()
    {
        ["footer"] = "-- {{shop}}, {{> address}}",
        ["address"] = "{{#if city}}{{city}}{{else}}nowhere{{/if}}",
        ["layout"] = "<{{> @partial-block}}> {{> footer}}",
        ["twice"] = "{{> @partial-block}}{{> @partial-block}}",
        ["wrong"] = "a\nb\n{{#if}}",
        ["me"] = "{{> you}}",
        ["you"] = "x\n{{> me}}",
        ["self"] = "{{> self}}",
        ["bomb0"] = new string('x', 1_000),
        ["bomb1"] = string.Concat(Enumerable.Repeat("{{> bomb0}}", 10)),
        ["bomb2"] = string.Concat(Enumerable.Repeat("{{> bomb1}}", 10)),
        ["bomb3"] = string.Concat(Enumerable.Repeat("{{> bomb2}}", 10)),
        ["nest"] = string.Concat(Enumerable.Repeat("{{#if a}}", 20)) + "{{> @partial-block}}" + string.Concat(Enumerable.Repeat("{{/if}}", 20)),
        ["empty"] = "",
        ["img"] = "<a href=\"{{url}}\" onclick=\"x()\">x</a>",
    };

    [Theory]
    [InlineData("Hi {{> footer}}!", "Hi -- Ours, Bern!")]
    [InlineData("{{>footer}}", "-- Ours, Bern")]
    [InlineData("{{#> layout}}Hi {{name}}{{/layout}}", "<Hi Ann> -- Ours, Bern")]
    [InlineData("{{#> layout}}{{> address}}{{/layout}}", "<Bern> -- Ours, Bern")]
    [InlineData("{{#> twice}}a{{#> twice}}b{{/twice}}{{/twice}}", "abbabb")]
    [InlineData("a {{~> empty ~}} b", "ab")]
    [InlineData("{{!-- {{> nothing}} --}}x{{> empty}}", "x")]
    [InlineData("{{#each l}}{{> address}},{{/each}}", "nowhere,nowhere,")]
    public void A_partial_stands_where_it_is_named_and_means_what_it_would_there(string template, string expected)
    {
        Assert.Equal(expected, Say(template));
    }

    [Theory]
    [InlineData("a\n{{> nothing}}", "unknown_partial line 2: there is no partial 'nothing'")]
    [InlineData("{{> wrong}}", "template_syntax partial 'wrong', line 3: #if takes one name or a comparison")]
    [InlineData("{{> self}}", "recursive_partial partial 'self', line 1: the partial 'self' includes itself: self > self")]
    [InlineData("{{> me}}", "recursive_partial partial 'you', line 2: the partial 'me' includes itself: me > you > me")]
    [InlineData("{{> @partial-block}}", "unknown_partial line 1: @partial-block is what a layout is put around")]
    [InlineData("{{> layout}}", "unknown_partial partial 'layout', line 1: @partial-block is what a layout is put around")]
    [InlineData("{{#> layout}}x", "unclosed_block line 1: #> layout is never closed")]
    [InlineData("{{#> layout}}x{{/footer}}", "unclosed_block line 1: #> layout is never closed")]
    [InlineData("{{> footer title=\"x\"}}", "template_syntax line 1: '> footer title=\"x\"' names no partial")]
    [InlineData("{{> (lookup a)}}", "template_syntax line 1:")]
    [InlineData("{{> Foot/er}}", "template_syntax line 1:")]
    [InlineData("{{> bomb3}}", "too_large")]
    [InlineData("{{#> nest}}{{#> nest}}x{{/nest}}{{/nest}}", "too_deep partial 'nest', line 1: blocks nested deeper than 32")]
    [InlineData("{{#if a}}{{> address}}", "unclosed_block")]
    [InlineData("x\n{{> empty}}\n{{> footer}}\n{{nope nope}}", "unknown_helper line 4:")]
    public void What_is_wrong_is_said_with_the_partial_and_the_line_that_it_stands_in(string template, string error)
    {
        Assert.StartsWith($"refused: {error}", Say(template), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("B49")]
    public void Partials_that_double_each_other_are_refused_before_they_fill_the_memory()
    {
        var doubling = Enumerable.Range(0, 8).ToDictionary(n => $"p{n}", n => string.Create(CultureInfo.InvariantCulture, $"{{{{> p{n + 1}}}}}{{{{> p{n + 1}}}}}"));
        doubling["p8"] = "";
        var deep = Enumerable.Range(0, 20).ToDictionary(n => $"p{n}", n => string.Create(CultureInfo.InvariantCulture, $"{{{{> p{n + 1}}}}}"));

        Assert.Contains("too_", Spoken.Say("{{> p0}}", TextRule.MailText, "{}", partials: doubling), StringComparison.Ordinal);
        Assert.Contains("too_deep", Spoken.Say("{{> p0}}", TextRule.MailText, "{}", partials: deep), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partial_in_HTML_is_escaped_and_checked_as_the_template_around_it()
    {
        var partials = new Dictionary<string, string> { ["a"] = "<a href=\"{{url}}\">", ["b"] = "{{url}}" };

        Assert.Equal("<a href=\"#\">x</a>", Spoken.Say("{{> a}}x</a>", TextRule.MailHtml, """{"url":"javascript:x"}""", partials: partials));
        Assert.Equal("<a href=\"https://x/?q=a%26b\">x</a>", Spoken.Say("<a href=\"https://x/?q={{> b}}\">x</a>", TextRule.MailHtml, """{"url":"a&b"}""", partials: partials));
        Assert.Contains("html_not_allowed partial 'img', line 1: the attribute onclick runs a script", Spoken.Say("{{> img}}", TextRule.MailHtml, "{}", partials: Shared), StringComparison.Ordinal);
        Assert.Contains("unsafe_place partial 'b', line 1", Spoken.Say("<p class={{> b}}>", TextRule.MailHtml, "{}", partials: partials), StringComparison.Ordinal);
    }

    [Fact]
    public void The_partials_that_a_text_names_are_known_without_reading_them()
    {
        Assert.Equal(["footer", "layout"], Partials.Named("{{#> layout}}{{> footer}}{{> @partial-block}}{{!-- {{> no}} --}}{{/layout}}{{>footer}}"));
    }

    private static string Say(string template) => Spoken.Say(template, TextRule.MailText, """{"shop":"Ours","city":"Bern","name":"Ann","l":[{},{}]}""", partials: Shared);
}
