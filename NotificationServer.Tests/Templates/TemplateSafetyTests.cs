using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

/// What a caller's value may never do: become markup, a script, a link to one, or a mail header.
public sealed class TemplateSafetyTests
{
    private const string Script = "<script>alert('x')</script>";

    [Fact]
    public void HTML_parts_escape_and_the_others_do_not()
    {
        var template = Saying.Of(new TemplateParts(
            new PushPart("{{a}}", "{{a}}"), new SmsPart("{{a}}"), new EmailPart("{{a}}", "<b title='{{a}}'>{{a}}</b>", "{{a}}")));
        var data = Saying.Data(new { a = Script });
        const string escaped = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;";

        var push = template.Render(ChannelFamily.Push, data).Content!;
        var mail = template.Render(ChannelFamily.Email, data).Content!;

        Assert.Equal((Script, Script), (push.Title, push.Body));
        Assert.Equal(Script, template.Render(ChannelFamily.Sms, data).Content!.Text);
        Assert.Equal((Script, Script), (mail.Subject, mail.Text));
        Assert.Equal($"<b title='{escaped}'>{escaped}</b>", mail.Html);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("java\nscript:alert(1)")]
    [InlineData("\u0001javascript:alert(1)")]
    [InlineData("\u00a0javascript:alert(1)")]
    [InlineData("javascript&colon;alert(1)", "javascript&amp;colon;alert(1)")] // escaped, it is a relative path
    [InlineData("data:text/html,<script>alert(1)</script>")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData(":alert(1)")]
    [InlineData("https://x.test/a?b=c:d", "https://x.test/a?b&#x3D;c:d")]
    [InlineData("HTTP://x.test", "HTTP://x.test")]
    [InlineData("mailto:a@x.test", "mailto:a@x.test")]
    [InlineData("tel:+4179", "tel:+4179")]
    [InlineData("/orders/12:30", "/orders/12:30")]
    [InlineData("?at=12:30", "?at&#x3D;12:30")]
    [InlineData("#a:b", "#a:b")]
    [InlineData("", "")]
    public void A_variable_that_is_a_link_leads_only_where_links_may_lead(string link, string expected = "#")
    {
        Assert.Equal($"<a href=\"{expected}\">x</a>", Saying.InHtml("<a href=\"{{u}}\">x</a>", new { u = link }));
        Assert.Equal($"<A HREF = '{expected}'>x</A>", Saying.InHtml("<A HREF = '{{u}}'>x</A>", new { u = link }));
        Assert.Equal($"<a href=\"{expected}\">x</a>", Saying.InHtml("<a href=\"{{#if u}}{{u}}{{/if}}\">x</a>", new { u = link }));
        Assert.Equal($"<img src=\" {expected}\"/>", Saying.InHtml("<img src=\" {{u}}\"/>", new { u = link }));
    }

    [Fact]
    public void A_link_in_two_variables_is_checked_twice()
    {
        Assert.Equal("<a href=\"java#\">x</a>", Saying.InHtml("<a href=\"{{a}}{{b}}\">x</a>", new { a = "java", b = "script:alert(1)" }));
        Assert.Equal("<a href=\"https://x.test/12%3A30\">x</a>", Saying.InHtml("<a href=\"https://x.test/{{a}}\">x</a>", new { a = "12:30" }));
    }

    [Fact]
    public void A_number_may_be_a_link_too()
    {
        Assert.Equal("<a href=\"12\">x</a>", Saying.InHtml("<a href=\"{{a}}\">x</a>", new { a = 12 }));
    }

    [Theory]
    [InlineData("<a href={{u}}>x</a>")]
    [InlineData("<a href=/x{{u}}>x</a>")]
    [InlineData("<{{u}}>")]
    [InlineData("<b{{u}}>")]
    [InlineData("<b {{u}}>")]
    [InlineData("<b {{u}}=\"x\">")]
    [InlineData("<p class={{u}}>")]
    [InlineData("<p class=x{{u}}>")]
    [InlineData("<p class = {{u}}>")]
    [InlineData("<style>p { color: {{u}} }</style>")]
    [InlineData("<!-- -{{u}} -->")]
    [InlineData("<img srcset=\"{{u}} 2x\">")]
    [InlineData("<meta http-equiv=\"{{u}}\">")]
    [InlineData("<link rel=\"stylesheet\" href=\"{{u}}\">")]
    [InlineData("<p style=\"background:url({{u}})\">")]
    [InlineData("<p style=\"background:url('{{u}}')\">")]
    [InlineData("<p style=\"width:calc(1px + {{u}})\">")]
    [InlineData("<a href=\"{{#if u}}https://x/{{/if}}{{u}}\">")] // a link of its own, or a part of one?
    [InlineData("<a{{#if u}}bbr{{/if}}>")]
    [InlineData("<{{#if u}}a{{/if}}>")]
    [InlineData("<p class={{#if u}}x{{/if}}>")]
    [InlineData("<!-- x -{{#if u}}-{{/if}}>")]
    [InlineData("<!doctype {{u}}>")]
    public void A_variable_is_refused_where_escaping_does_not_help(string html)
    {
        Assert.Contains("unsafe_place", Saying.HtmlRefusals(html).DefaultIfEmpty("accepted").Select(code => code == "html_not_allowed" ? "unsafe_place" : code));
    }

    [Theory]
    [InlineData("<p>1 < 2 {{u}}</p>")]
    [InlineData("<!-- {{u}} --><p>{{u}}</p>")]
    [InlineData("<style>p { color: red }</style><p style=\"color: {{u}}\">{{u}}</p>")]
    [InlineData("<br/>{{u}}<img alt=\"{{u}}\" title='{{u}}' src=\"https://x/y\">")]
    [InlineData("<td{{#if u}} class=\"x\"{{/if}}>{{u}}</td>")]
    public void A_variable_is_welcome_in_text_and_in_quoted_values(string html)
    {
        Assert.Empty(Saying.HtmlRefusals(html));
    }

    [Theory]
    [InlineData("Hi\r\nBcc: all@x.test", "Hi Bcc: all@x.test")]
    [InlineData("a\nb\rc\td\0e\u0085f\u2028g\u2029h", "a b c d e f g h")]
    [InlineData("\n\n a \r\n\r\n b \n", "a b")]
    public void A_subject_and_a_title_are_one_line_whatever_a_variable_brings(string value, string expected)
    {
        Assert.Equal(expected, Saying.InSubject("{{a}}", new { a = value }));
        var push = Saying.Of(new TemplateParts(new PushPart("{{a}}", "b"))).Render(ChannelFamily.Push, Saying.Data(new { a = value }));
        Assert.Equal(expected, push.Content?.Title);
    }

    [Fact]
    public void A_line_break_that_the_template_itself_has_is_no_header_either()
    {
        Assert.Equal("Your order X-Evil: 1", Saying.InSubject("Your order\r\nX-Evil: 1", new { }));
    }
}
