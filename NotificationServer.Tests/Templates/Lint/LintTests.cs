using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Tests.Templates.Lint;

public sealed class LintTests
{
    private const string Sample = """{"name":"Ada","order":{"no":"1234"},"url":"https://shop.ch/1"}""";

    [Fact]
    public void A_good_template_has_nothing_to_mend()
    {
        var draft = Draft(new TemplateParts(
            new PushPart("On its way", "{{order.no}} arrives on Tuesday"),
            new SmsPart("Hi {{name}}, {{order.no}} is on its way."),
            new EmailPart("{{order.no}} is on its way", "<p>Hi {{name}}</p><a href=\"{{url}}\">Track</a><a href=\"{{unsubscribe_url}}\">Unsubscribe</a>", "Hi {{name}} {{url}} {{unsubscribe_url}}")), marketing: true);

        Assert.Equal(["sms_size"], Check(draft).Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("Hi {{nmae}}", "error", "missing_variable", "Did you mean {{name}}?")]
    [InlineData("Hi {{#if vip}}you{{/if}}", "warning", "missing_variable", "Add it to the sample data")]
    [InlineData("Hi {{order.number}}", "error", "missing_variable", "Add it to the sample data")]
    public void A_name_that_nobody_gives_is_an_error_where_it_is_printed(string body, string severity, string code, string mend)
    {
        var finding = Check(Sms(body)).First(found => found.Code == code);

        Assert.Equal((severity, "/channels/sms"), (finding.SeverityName, finding.Pointer));
        Assert.Contains(mend, finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_decides_where_there_is_one_and_what_it_promises_in_vain_is_told()
    {
        var draft = Sms("{{name}} {{extra}} {{#each items}}{{title}}{{/each}} {{free.anything}}") with
        {
            Schema = Saying.Json("""{"type":"object","properties":{"name":{"type":"string"},"city":{"type":"string"},"free":{"type":"object"},"items":{"type":"array","items":{"type":"object","properties":{"title":{"type":"string"}}}}}}"""),
            Sample = Saying.Json("""{"items":[{"title":"Lamp"}],"free":{"anything":1}}"""),
        };

        var findings = Check(draft);

        Assert.Equal("{{extra}} is used but not in the schema.", Single(findings, "missing_variable").Message);
        Assert.StartsWith("city is in the schema but in none of the words", Single(findings, "unused_variable").Message, StringComparison.Ordinal);
        Assert.Equal(["The sample data has no name: the preview shows its name.", "The sample data has no extra: the preview shows its name."],
            findings.Where(found => found.Code == "sample_lacks_variable").Select(found => found.Message));
    }

    [Theory]
    [InlineData("", "dead_link")]
    [InlineData("#", "dead_link")]
    [InlineData("https://", "dead_link")]
    [InlineData("/orders", "relative_link")]
    [InlineData("orders.html", "relative_link")]
    [InlineData("www.shop.ch", "relative_link")]
    [InlineData("//shop.ch/x", "relative_link")]
    [InlineData("http://localhost:5000/x", "local_link")]
    [InlineData("https://192.168.1.4/x", "local_link")]
    [InlineData("https://www.example.com/x", "placeholder_link")]
    [InlineData("#top", "anchor_link")]
    [InlineData("http://shop.ch", "insecure_link")]
    [InlineData("javascript:alert(1)", "unsafe_link")]
    [InlineData("https://shop.ch/{{order.no}}", null)]
    [InlineData("{{url}}", null)]
    [InlineData("mailto:help@shop.ch", null)]
    public void A_link_is_judged_by_what_it_says_not_by_following_it(string href, string? code)
    {
        var findings = Check(Html($"<p>\n<a title=\"a > b\" href=\"{href}\">go</a></p>")).Where(found => found.Code.EndsWith("_link", StringComparison.Ordinal));

        Assert.Equal(code is null ? [] : [code], findings.Select(found => found.Code));
        Assert.All(findings, found => Assert.StartsWith("Line 2:", found.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tag_with_quotes_inside_an_attribute_does_not_confuse_the_reading()
    {
        var findings = Check(Html("<!-- <a href=\"#\"> --><a href=\"https://shop.ch/{{#if order.no}}{{order.no}}{{/if}}\"><IMG SRC=https://shop.ch/a.png width=3></a><img alt=\"\" src=\"data:image/gif;base64,xx\">"));

        Assert.DoesNotContain(findings, found => found.Code.EndsWith("_link", StringComparison.Ordinal));
        Assert.Equal("/channels/email/html", Single(findings, "image_without_alt").Pointer);
    }

    [Fact]
    public void A_marketing_mail_needs_a_way_out_and_every_mail_a_text_part()
    {
        var mail = Html("<p>Buy</p>");

        Assert.Equal(Severity.Error, Single(Check(mail with { Marketing = true }), "no_unsubscribe_link").Severity);
        Assert.DoesNotContain(Check(mail), found => found.Code == "no_unsubscribe_link");
        Assert.Equal(("/channels/email/text", Severity.Warning), (Single(Check(mail), "no_text_part").Pointer, Single(Check(mail), "no_text_part").Severity));
    }

    [Fact]
    public void The_character_that_costs_a_segment_is_named_with_its_place_and_what_to_write_instead()
    {
        var finding = Single(Check(Sms("Don’t wait – it’s here, {{name}}")), "sms_unicode");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.StartsWith("’ (U+2019) at character 4 is not in the GSM alphabet: the whole text becomes UCS-2, 1 segment of up to 70 characters; 1 more character does the same.", finding.Message, StringComparison.Ordinal);
        Assert.Equal("Write ' for ’ (U+2019). Write - for – (U+2013). It then takes 1 segment in GSM-7.", finding.Mend);
    }

    [Theory]
    [InlineData("ご注文の商品を発送しました。", "info")]
    [InlineData("Invisible\u200Bblank", "warning")]
    [InlineData("Wide\u00A0blank", "warning")]
    public void Another_script_is_no_fault_and_an_invisible_character_is_shown_by_its_number(string body, string severity)
    {
        Assert.Equal(severity, Single(Check(Sms(body)), "sms_unicode").SeverityName);
    }

    [Fact]
    public void What_comes_out_of_the_data_is_counted_too()
    {
        var draft = Sms("Hi {{name}}") with { Sample = Saying.Data(new { name = "Łukasz " + new string('x', 500) }) };

        Assert.Contains("(it comes from the data)", Single(Check(draft), "sms_unicode").Message, StringComparison.Ordinal);
        Assert.Contains("8 segments (UCS-2", Single(Check(draft), "sms_long").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_is_weighed_against_every_vendor_with_what_the_sample_puts_in()
    {
        var part = new PushPart("Order {{order.no}}", "{{name}}", Saying.Json("""{"blob":"{{url}}"}"""));
        var draft = Draft(new TemplateParts(part));

        Assert.DoesNotContain(Check(draft), found => found.Code.StartsWith("push_", StringComparison.Ordinal));

        var shortened = Check(draft with { Sample = Saying.Data(new { name = new string('x', 3_990), order = new { no = "1" }, url = "" }) }).Where(found => found.Code == "push_shortened");
        Assert.Contains(shortened, found => found.Message.StartsWith("FCM takes 4,096 bytes", StringComparison.Ordinal));

        var refused = Check(draft with { Sample = Saying.Data(new { name = "Ada", order = new { no = "1" }, url = new string('x', 4_060) }) }).Where(found => found.Code == "push_too_large");
        Assert.Contains(refused, found => found.Message.StartsWith("APNs takes 4,096 bytes", StringComparison.Ordinal) && found.Pointer == "/channels/push/data");
    }

    [Fact]
    public void Lengths_that_a_phone_cuts_off_are_told()
    {
        var draft = Draft(new TemplateParts(new PushPart(new string('t', 51), new string('b', 179)), Email: new EmailPart(new string('s', 79), Text: "t")));

        Assert.Equal(["long_subject", "long_title", "long_body"], Check(draft).Select(found => found.Code).Where(code => code.StartsWith("long_", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_mail_that_Gmail_would_clip_is_told_with_its_size()
    {
        var part = new LintPart(null, NotificationServer.Channels.ChannelFamily.Email, "/channels/email") { Email = new EmailPart("s", Html: new string('é', 51_100), Text: "t") };

        Assert.StartsWith("The mail is 102.2 KB", Assert.Single(MailRules.Clipping(new LintSubject { Parts = [part] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_that_lacks_a_channel_is_worth_knowing()
    {
        var draft = Draft(new TemplateParts(Sms: new SmsPart("Hello"), Email: new EmailPart("Hello", Text: "Hello"))
        {
            Locales = new Dictionary<string, TemplateParts> { ["de"] = new(Sms: new SmsPart("Grüezi – {{nobody}}")) },
        });

        var findings = Check(draft);

        Assert.Equal(("/locales/de", "de"), (Single(findings, "locale_incomplete").Pointer, Single(findings, "locale_incomplete").Locale));
        Assert.Equal(("/locales/de/sms/body", "de"), (Single(findings, "sms_unicode").Pointer, Single(findings, "sms_unicode").Locale));
        Assert.Equal("/locales/de/sms", Single(findings, "missing_variable").Pointer);
    }

    [Fact]
    public void What_may_not_even_be_stored_is_an_error_of_lint_too()
    {
        Assert.Equal(("raw_output", "/channels/sms/body", Severity.Error),
            Check(Sms("{{{name}}}")).Select(found => (found.Code, found.Pointer, found.Severity)).First());
    }

    [Fact]
    public void Without_sample_data_names_stand_for_values_and_lint_says_so()
    {
        var draft = Sms("Hi {{name}}") with { Sample = null };

        Assert.Equal(["no_sample_data", "sms_size"], Check(draft).Select(found => found.Code));
        Assert.Equal("Hi [name]", new Previewer(TimeProvider.System).Of(draft, new Viewer()).Single().Content!.Text);
    }

    private static Draft Sms(string body) => Draft(new TemplateParts(Sms: new SmsPart(body)));
    private static Draft Html(string html) => Draft(new TemplateParts(Email: new EmailPart("s", Html: html)));
    private static Draft Draft(TemplateParts parts, bool marketing = false) => new(parts) { Sample = Saying.Json(Sample), Marketing = marketing };

    private static List<Finding> Check(Draft draft) => [.. new LintReader(new Previewer(TimeProvider.System)).Check(draft).Where(found => found.Code is not "unused_sample")];
    private static Finding Single(IEnumerable<Finding> findings, string code) => Assert.Single(findings, found => found.Code == code);
}
