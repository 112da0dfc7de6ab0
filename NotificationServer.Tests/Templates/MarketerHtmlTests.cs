using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

/// What the writer's own HTML may hold (reliability.md S27): refused with each finding, never changed silently.
[Bar("S27")]
public sealed class MarketerHtmlTests
{
    [Theory]
    [InlineData("<p>\n<script>x</script>", "line 2: <script> is not for mail")]
    [InlineData("<SCRIPT src=x></SCRIPT>", "<script> is not for mail")]
    [InlineData("<p onclick=\"x()\">a</p>", "the attribute onclick runs a script")]
    [InlineData("<p ONCLICK=x>a</p>", "the attribute ONCLICK runs a script")]
    [InlineData("<p title=\"a\"onclick=\"x\">a</p>", "the attribute onclick runs a script")]
    [InlineData("<p/onclick=x>a</p>", "the attribute onclick runs a script")]
    [InlineData("<a href=\"javascript:x()\">a</a>", "not with 'javascript:'")]
    [InlineData("<a href=\" java\nscript:x()\">a</a>", "not with 'javascript:'")]
    [InlineData("<a href=javascript:x()>a</a>", "not with 'javascript:'")]
    [InlineData("<a href=\"&#106;avascript:x()\">a</a>", "begins with an entity")]
    [InlineData("<a href=\"{{scheme}}:x\">a</a>", "a variable decides the scheme of a link")]
    [InlineData("<a href=\"{{#if a}}/{{else}}{{u}}{{/if}}:x\">a</a>", "a variable decides the scheme of a link")]
    [InlineData("<a href=\"x{{u}}:x\">a</a>", "a variable decides the scheme of a link")]
    [InlineData("<img src=\"data:image/png;base64,AAAA\">", "not with 'data:'")]
    [InlineData("<iframe src=\"https://x\"></iframe>", "<iframe> is not for mail")]
    [InlineData("<object data=\"x\"></object>", "<object> is not for mail")]
    [InlineData("<form action=\"https://x\"><input name=\"a\"></form>", "<form> is not for mail")]
    [InlineData("<base href=\"https://x\">", "<base> is not for mail")]
    [InlineData("<svg></svg>", "<svg> is not for mail")]
    [InlineData("<meta http-equiv=\"refresh\" content=\"0;url=https://x\">", "http-equiv may be")]
    [InlineData("<p style=\"width: expression(x)\">a</p>", "a style may not hold 'expression('")]
    [InlineData("<p style=\"width: exp/**/ression(x)\">a</p>", "a style may not hold 'expression('")]
    [InlineData("<p style=\"background: url(java\\73 cript:x)\">a</p>", "a style may not hold 'javascript:'")]
    [InlineData("<style>p { background: url(javascript:x) }</style>", "a style may not hold 'javascript:'")]
    [InlineData("<img srcset=\"https://x/a 1x, javascript:x 2x\">", "a picture comes from")]
    [InlineData("<!--[if mso]><script>x</script><![endif]-->", "<script> is not for mail")]
    [InlineData("<<script>x</script>", "<script> is not for mail")]
    [InlineData("<!x \"<p title=\"><script>x</script>\">", "<script> is not for mail")]
    [InlineData("<i {{~! ~}} frame src=\"https://x\">x</i>", "<iframe> is not for mail")]
    [InlineData("< {{~! ~}} iframe src=\"https://x\">", "<iframe> is not for mail")]
    [InlineData("<p title=\"x", "the HTML ends inside of a tag")]
    [InlineData("<!-- x", "the HTML ends inside of a tag, a comment")]
    [InlineData("<td{{#if u}} class=\"x\"{{/if}}title=\"y\">", "put a blank between a block and the name")]
    [InlineData("<p title=\"{{#if a}}\">{{/if}}x</p>", "uneven_html")]
    [InlineData("{{#if a}}<p title=\"{{else}}<p class=\"{{/if}}x\">", "uneven_html")]
    [InlineData("{{#each l}}<!-- {{/each}} -->", "uneven_html")]
    public void What_runs_submits_or_embeds_is_refused_where_it_stands(string html, string finding)
    {
        var said = Spoken.Html(html);

        Assert.StartsWith("refused: ", said, StringComparison.Ordinal);
        Assert.Contains(finding, said, StringComparison.Ordinal);
    }

    [Fact]
    public void All_findings_are_said_at_once()
    {
        var said = Spoken.Html("<script></script>\n<p onclick=\"x\">\n<a href=\"javascript:x\">a</a>");

        Assert.Contains("line 1: <script>", said, StringComparison.Ordinal);
        Assert.Contains("line 2: the attribute onclick", said, StringComparison.Ordinal);
        Assert.Contains("line 3: a link may begin with", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!doctype html><html lang=\"en\" xmlns:v=\"urn:schemas-microsoft-com:vml\"><head><meta charset=\"utf-8\"><meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\"><title>x</title><style>@media (max-width:600px){.a{width:100%!important}}</style></head><body bgcolor=\"#fff\" style=\"margin:0\">x</body></html>")]
    [InlineData("<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->x")]
    [InlineData("<!--[if mso]><v:roundrect href=\"https://x.test\" style=\"height:40px;v-text-anchor:middle;\" arcsize=\"10%\" stroke=\"f\" fillcolor=\"#d62828\"><w:anchorlock/><center>x</center></v:roundrect><![endif]--><!--[if !mso]><!--><a href=\"https://x.test\">x</a><!--<![endif]-->")]
    [InlineData("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\"><tr><td align=\"center\" valign=top bgcolor=#ffffff>1 < 2 &amp; 3</td></tr></table>")]
    [InlineData("<a href=\"https://x.test/?a=1&amp;b=2:3\" target=\"_blank\" rel=\"noopener\">x</a><a href=\"mailto:a@x.test?subject=x\">y</a><a href=\"tel:+41\">z</a><img src=\"cid:logo\" alt=\"\"><img src=\"//x.test/y.png\" alt=''>")]
    [InlineData("<div itemscope itemtype=\"http://schema.org/Order\" data-x='1' aria-hidden=\"true\"><br/><hr></div><p style=\"font-family:'Arial',sans-serif;background:url('https://x.test/b.png')\">x</p>")]
    [InlineData("{{#if a}}<td>{{else}}<td class=\"x\">{{/if}}x</td>")]
    [InlineData("<a href=\"https://x.test/{{#if a}}?a={{a}}{{/if}}\">x</a>")]
    public void What_mails_are_made_of_is_welcome_and_left_as_it_is(string html)
    {
        Assert.False(Spoken.Html(html).StartsWith("refused:", StringComparison.Ordinal), Spoken.Html(html));
        if (!html.Contains("{{", StringComparison.Ordinal)) Assert.Equal(html, Spoken.Html(html));
    }

    [Theory]
    [InlineData("<a href=\"https://x.test/?q={{v}}\">", "a b&c=d/é", "<a href=\"https://x.test/?q=a%20b%26c%3Dd%2F%C3%A9\">")]
    [InlineData("<a href=\"https://x.test/{{v}}\">", "../../admin", "<a href=\"https://x.test/..%2F..%2Fadmin\">")]
    [InlineData("<a href=\"{{v}}/orders?id={{v}}\">", "https://x.test", "<a href=\"https://x.test/orders?id=https%3A%2F%2Fx.test\">")]
    [InlineData("<a href=\"mailto:{{v}}\">", "a+b@x.test?bcc=all", "<a href=\"mailto:a+b@x.test%3Fbcc%3Dall\">")]
    [InlineData("<a href=\"tel:{{v}}\">", "+41 79", "<a href=\"tel:+41%2079\">")]
    [InlineData("<a href=\"https://x.test/?q={{urlencode v}}\">", "a b", "<a href=\"https://x.test/?q=a%20b\">")]
    [InlineData("<p style=\"color:{{v}}\">", "#00aa66", "<p style=\"color:#00aa66\">")]
    [InlineData("<p style=\"color:{{v}}\">", "red;background:url(https://evil)", "<p style=\"color:\">")]
    public void A_variable_is_written_as_its_place_needs_it(string html, string value, string expected)
    {
        Assert.Equal(expected, Spoken.Html(html, System.Text.Json.JsonSerializer.Serialize(new { v = value })));
    }
}
