using System.Diagnostics;
using System.Text;
using NotificationServer.Channels;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

/// Hostile templates and hostile data (reliability.md B45-B51).
[Bar("S28", "B46", "B47", "B48", "B50")]
public sealed class TemplateLimitsTests
{
    // For what takes a tenth of a second: without its limit it would take minutes. A machine that is busy may stand still for long.
    private static readonly TimeSpan LastNet = TimeSpan.FromSeconds(20);

    [Fact]
    public void Six_thousand_nested_blocks_are_refused_and_the_process_lives()
    {
        var nested = string.Concat(Enumerable.Repeat("{{#if a}}", 6_000)) + string.Concat(Enumerable.Repeat("{{/if}}", 6_000));

        Assert.Equal(["too_deep"], Saying.Refusals(nested));
    }

    [Fact]
    public void Thirty_two_nested_blocks_are_fine_and_thirty_three_are_too_many()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{{#if a}}", depth)) + "x" + string.Concat(Enumerable.Repeat("{{/if}}", depth));

        Assert.Equal("x", Saying.InSms(Nested(32), new { a = 1 }));
        Assert.Equal(["too_deep"], Saying.Refusals(Nested(33)));
    }

    [Fact]
    public void Two_hundred_thousand_tags_are_refused_quickly()
    {
        var watch = Stopwatch.StartNew();

        Assert.Equal(["too_large"], Saying.Refusals(string.Concat(Enumerable.Repeat("{{a}}", 200_000))));
        Assert.Equal(["too_many_tags"], Saying.Refusals(string.Concat(Enumerable.Repeat("{{a}}", 1_001))));
        Assert.True(watch.Elapsed < LastNet, $"took {watch.Elapsed}");
    }

    [Fact]
    public void A_thousand_tags_compile_and_print()
    {
        Assert.Equal(new string('x', 1_000), Saying.InSms(string.Concat(Enumerable.Repeat("{{a}}", 1_000)), new { a = "x" }));
    }

    [Fact]
    public void Five_hundred_blocks_compile_in_a_bearable_time()
    {
        var watch = Stopwatch.StartNew();

        Assert.Empty(Saying.Refusals(string.Concat(Enumerable.Repeat("{{#each a}}{{/each}}", 500))));
        Assert.True(watch.Elapsed < LastNet, $"took {watch.Elapsed}");
    }

    [Fact]
    public void A_part_may_have_100_KiB_counted_in_bytes()
    {
        Assert.Empty(Saying.HtmlRefusals(new string('x', 100 * 1024)));
        Assert.Equal(["too_large"], Saying.HtmlRefusals(new string('x', 100 * 1024 + 1)));
        Assert.Equal(["too_large"], Saying.HtmlRefusals(new string('é', 51 * 1024)));
    }

    [Theory]
    [InlineData("{{#each a}}{{#each ../a}}{{#each ../../a}}{{/each}}{{/each}}{{/each}}")] // writes nothing at all
    [InlineData("{{#each a}}{{#each @root.a}}{{#each @root.a}}{{#if @root.no}}x{{/if}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each a}}{{#each @root.a}}{{#each @root.a}}{{@root.empty}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each o}}{{#each @root.o}}{{#each @root.o}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each a}}{{#each @root.a}}{{#each @root.a}}x{{/each}}{{/each}}{{/each}}")]
    public void A_loop_in_a_loop_in_a_loop_over_300_items_is_stopped(string template)
    {
        var data = Saying.Data(new
        {
            a = Enumerable.Range(0, 300).ToArray(),
            o = Enumerable.Range(0, 300).ToDictionary(n => $"k{n}", n => n),
            empty = "",
        });
        var compiled = Saying.Html(template);
        var watch = Stopwatch.StartNew();

        var result = compiled.Render(ChannelFamily.Email, data);

        Assert.Equal(RenderResult.TemplateError, result.ErrorCode);
        Assert.True(watch.Elapsed < LastNet, $"took {watch.Elapsed}");
    }

    [Fact]
    public void The_time_limit_stops_a_rendering_by_the_clock_too()
    {
        var clock = new SteppingClock(TimeSpan.FromMilliseconds(250));
        var template = new Template("t", 1, null, new Wording(new TemplateParts(Sms: new SmsPart("{{#each a}}{{/each}}x"))), clock);

        Assert.Contains("200 ms", template.Render(ChannelFamily.Sms, Saying.Data(new { a = new int[500] })).ErrorMessage, StringComparison.Ordinal);
        // So little work is never the template's fault, however long a busy machine took over it.
        Assert.True(template.Render(ChannelFamily.Sms, Saying.Data(new { a = new int[5] })).Succeeded);
    }

    [Theory]
    [InlineData(2_048, true)]
    [InlineData(2_049, false)]
    public void An_SMS_has_at_most_2_KiB(int length, bool fits)
    {
        Assert.Equal(fits, Saying.Sms("{{a}}").Render(ChannelFamily.Sms, Saying.Data(new { a = new string('x', length) })).Succeeded);
    }

    [Theory]
    [InlineData(64 * 1024, "x", true)]
    [InlineData(64 * 1024 + 1, "x", false)]
    [InlineData(32 * 1024, "é", true)]
    [InlineData(32 * 1024 + 1, "é", false)]
    [InlineData(16 * 1024, "😀", true)]
    [InlineData(16 * 1024 + 1, "😀", false)]
    [InlineData(13 * 1024, "<", true)] // four characters each, once escaped
    [InlineData(17 * 1024, "<", false)]
    public void A_mail_has_at_most_64_KiB_of_bytes_after_escaping(int count, string what, bool fits)
    {
        var data = Saying.Data(new { a = string.Concat(Enumerable.Repeat(what, count)) });

        Assert.Equal(fits, Saying.Html("{{a}}").Render(ChannelFamily.Email, data).Succeeded);
    }

    [Fact]
    public void The_error_names_the_part_and_the_rule_but_not_the_data()
    {
        var message = Saying.Sms("{{a}}").Render(ChannelFamily.Sms, Saying.Data(new { a = "secret" + new string('x', 3_000) })).ErrorMessage;

        Assert.Equal("sms body is longer than 2048 bytes", message);
    }

    [Theory]
    [InlineData("{{{a}}}", "raw_output")]
    [InlineData("{{&a}}", "raw_output")]
    [InlineData("{{& a}}", "raw_output")]
    [InlineData("{{~&a}}", "raw_output")]
    [InlineData("{{~{a}~}}", "template_syntax")]
    [InlineData("{{a}}}", "raw_output")] // the parser would take it for a raw output
    [InlineData("{{{{raw}}}}", "raw_output")]
    [InlineData("{{> self}}", "unknown_partial")]
    [InlineData("{{#> self}}x{{/self}}", "unknown_partial")]
    [InlineData("{{#*inline \"self\"}}x{{/inline}}", "unknown_block")]
    [InlineData("{{*decorate}}", "template_syntax")]
    [InlineData("{{lookup a \"GetType\"}}", "unknown_helper")]
    [InlineData("{{lookup}}", "reserved_name")]
    [InlineData("{{LookUp}}", "reserved_name")]
    [InlineData("{{$call 0 @root a}}", "template_syntax")]
    [InlineData("{{$call}}", "template_syntax")]
    [InlineData("{{a (b)}}", "unknown_helper")]
    [InlineData("{{\"a\"}}", "template_syntax")]
    [InlineData("{{a.[b c]}}", "template_syntax")]
    [InlineData("{{[a]}}", "template_syntax")]
    [InlineData("{{#a}}x{{/a}}", "unknown_block")]
    [InlineData("{{^a}}x{{/a}}", "template_syntax")]
    [InlineData("{{#each a as |x|}}{{/each}}", "template_syntax")]
    [InlineData("{{#if}}x{{/if}}", "template_syntax")]
    [InlineData("{{#if a}}x", "unclosed_block")]
    [InlineData("{{#if a}}x{{/each}}", "template_syntax")]
    [InlineData("x{{/if}}", "template_syntax")]
    [InlineData("{{else}}", "template_syntax")]
    [InlineData("{{#each a}}{{else if b}}{{/each}}", "template_syntax")]
    [InlineData("{{a", "template_syntax")]
    [InlineData("{{}}", "template_syntax")]
    [InlineData("{{~}}", "template_syntax")]
    [InlineData("{{~~}}", "template_syntax")]
    [InlineData("{{!-- {{a}}", "template_syntax")]
    [InlineData("\\{{a}}", "template_syntax")]
    [InlineData("{{this}}", "template_syntax")]
    [InlineData("{{../a}}", "template_syntax")]
    [InlineData("{{a\u200bb}}", "template_syntax")]
    [InlineData("{{a.b.}}", "template_syntax")]
    public void What_is_not_offered_is_refused_when_it_is_saved(string template, string code)
    {
        Assert.Equal([code], Saying.Refusals(template));
    }

    [Theory]
    [InlineData("{{!< layout }}x")]
    [InlineData("{{!}}x")]
    [InlineData("{{! {{a }}x")]
    [InlineData("{{!-}}x")]
    [InlineData("{{!--}}{{--}}x")]
    [InlineData("{{!----}}x")]
    public void A_comment_is_a_comment_to_scanner_and_parser_alike(string template)
    {
        Assert.Empty(Saying.Refusals(template));
        Assert.Equal("x", Saying.InSms(template, new { }));
    }

    [Theory]
    [InlineData("o.GetType")]
    [InlineData("o.GetType.Assembly.Location")]
    [InlineData("o.Count")]
    [InlineData("o.Keys")]
    [InlineData("o.Budget")]
    [InlineData("o.Comparer")]
    [InlineData("s.Length")]
    [InlineData("s.length")]
    [InlineData("n.MaxValue")]
    [InlineData("l.Count")]
    [InlineData("l.Capacity")]
    [InlineData("l.Budget.MaxSteps")]
    [InlineData("l.0.GetHashCode")]
    [InlineData("__proto__")]
    [InlineData("o.__proto__")]
    [InlineData("constructor")]
    [InlineData("o.constructor.name")]
    [InlineData("GetType")]
    [InlineData("this.GetType")]
    public void No_template_reaches_anything_but_the_data(string path)
    {
        var data = new { o = new { x = 1 }, s = "word", n = 1, l = new[] { 1 }, always = true };

        Assert.Equal("[]", Saying.InSms($$$"""[{{#if always}}{{{{{path}}}}}{{/if}}]""", data));
        Assert.Equal("[none]", Saying.InSms($$$"""[{{#each {{{path}}}}}got {{@key}}{{else}}none{{/each}}]""", data));
        Assert.Equal("[none]", Saying.InSms($$$"""[{{#with {{{path}}}}}got {{x}}{{else}}none{{/with}}]""", data));
        Assert.Single(Saying.Sms($$$"""{{{{{path}}}}}""").Missing([ChannelFamily.Sms], Saying.Data(data)));
    }

    [Fact]
    public void Razor_is_only_text_here()
    {
        const string razor = "@System.IO.File.ReadAllText(\"/etc/passwd\") @{ throw; } <% %> ${a} #{b}";

        Assert.Equal(razor, Saying.InSms(razor, new { }));
        Assert.Equal(razor, Saying.InSms("{{a}}", new { a = razor }));
    }

    [Fact]
    public void What_a_variable_brings_is_never_read_as_a_template()
    {
        Assert.Equal("{{b}} {{#if", Saying.InSms("{{a}}", new { a = "{{b}} {{#if", b = "no" }));
    }

    [Fact]
    public void Data_as_deep_and_as_wide_as_a_request_allows_is_copied()
    {
        var deep = new StringBuilder().Insert(0, "{\"a\":", 60).Append('1').Append('}', 60).ToString();
        var path = string.Join('.', Enumerable.Repeat("a", 60));

        Assert.Equal("1", Saying.Sms($"{{{{{path}}}}}").Render(ChannelFamily.Sms, Saying.Json(deep)).Content?.Text);
    }

    [Fact]
    public void Threads_share_a_compiled_template_and_never_each_others_words()
    {
        var template = Saying.Html("{{#each items}}<p>{{@root.who}}:{{this}}</p>{{/each}}");

        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n =>
        {
            var result = template.Render(ChannelFamily.Email, Saying.Data(new { who = $"u{n}", items = new[] { n, n + 1, n + 2 } }));
            Assert.Equal($"<p>u{n}:{n}</p><p>u{n}:{n + 1}</p><p>u{n}:{n + 2}</p>", result.Content?.Html);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_scanner_lets_through_the_parser_can_read(int seed)
    {
        string[] pieces = ["{{", "}}", "{", "}", "~", "!", "--", "#if a", "#each a", "/if", "/each", "else", "a", "a.b", "@index", "^", "&", ">", "\\", " ", "\n", "x", "\"", "[", "]", "|", "=", "(", ")", "$call", "upper ", "(eq a \"b\")", "date ", "> p", "'", "{{a}}", "{{#if a}}", "{{/if}}"];
        var random = new Random(seed);
        var accepted = 0;
        for (var n = 0; n < 4_000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var wording = new Wording(new TemplateParts(Sms: new SmsPart(text)));
            if (wording.Errors.Count > 0) continue;
            accepted++;

            Assert.Empty(wording.CheckAll());
            var result = wording.Render(ChannelFamily.Sms, Saying.Json("""{"a":"<b>"}"""), TimeProvider.System);
            Assert.True(result.Succeeded || result.ErrorMessage == "sms: nothing is left to say with this data", $"{text}: {result.ErrorMessage}");
        }
        Assert.True(accepted > 200, $"only {accepted} were accepted: the test has lost its point");
    }

    /// Each look at the clock finds that much more time gone.
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long now;

        public override long GetTimestamp() => now += step.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
