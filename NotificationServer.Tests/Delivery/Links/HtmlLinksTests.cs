using System.Diagnostics;
using System.Text;
using NotificationServer.Delivery.Links;

namespace NotificationServer.Tests.Delivery.Links;

public sealed class HtmlLinksTests
{
    [Theory]
    [InlineData("""<a href="https://shop.example/a">A</a>""", """<a href="[https://shop.example/a]">A</a>""")]
    [InlineData("""<A class=x HREF='https://shop.example/a?x=1&amp;y=2' >A</A>""", """<A class=x HREF='[https://shop.example/a?x=1&y=2]' >A</A>""")]
    [InlineData("<a href=https://shop.example/a>A</a>", "<a href=[https://shop.example/a]>A</a>")]
    [InlineData("<a\n\thref = \" https://shop.example/a \"\n>A</a>", "<a\n\thref = \"[https://shop.example/a]\"\n>A</a>")]
    [InlineData("""<map><area shape="rect" href="https://shop.example/a"/></map>""", """<map><area shape="rect" href="[https://shop.example/a]"/></map>""")]
    [InlineData("""<a title="1 > 0" href="https://shop.example/a">A</a>""", """<a title="1 > 0" href="[https://shop.example/a]">A</a>""")]
    [InlineData("""<a data-x='href="https://no.example"' href="https://shop.example/a">A</a>""", """<a data-x='href="https://no.example"' href="[https://shop.example/a]">A</a>""")]
    [InlineData("""<a href="https://one.example" href="https://two.example">A</a>""", """<a href="[https://one.example]" href="https://two.example">A</a>""")]
    public void A_link_is_found_however_it_is_written(string html, string expected) => Assert.Equal(expected, Rewrite(html));

    [Theory]
    [InlineData("""<a href="mailto:a@example.org">A</a> <a href="tel:+41">B</a> <a href="#top">C</a> <a href="/x">D</a> <a href="">E</a> <a>F</a> <a href>G</a>""")]
    [InlineData("""<a href="https://shop.example/a" data-track="off">A</a> <a DATA-TRACK=off href="https://shop.example/a">A</a>""")]
    [InlineData("""<!-- <a href="https://shop.example/a">A</a> --><!--[if mso]><a href="https://shop.example/a">A</a><![endif]-->""")]
    [InlineData("""<style>a[href="https://shop.example/a"]{}</style><script>'<a href="https://shop.example/a">'</script><title><a href="https://shop.example/a"></title>""")]
    [InlineData("""<link href="https://shop.example/a.css"><img src="https://shop.example/a.png"><abbr href="https://shop.example/a">""")]
    [InlineData("""1 < 2 <a href="javascript:alert(1)">A</a> <a href="java&#x0a;script:x">B</a> <a href="https://shop.example/a b">C</a> <a href="https://">D</a>""")]
    [InlineData("""<a href="https://shop.example/a>A</a>""")]
    [InlineData("<a href='https://shop.example")]
    [InlineData("<")]
    [InlineData("<!--")]
    [InlineData("<a")]
    [InlineData("<a href=")]
    [InlineData("<script>")]
    [InlineData("")]
    public void Nothing_else_is_touched(string html) => Assert.Equal(html, Rewrite(html));

    [Theory]
    [InlineData("<html><body>Hello</body></html>", "<html><body>Hello|</body></html>")]
    [InlineData("<BODY>Hello<!-- </body> --></BODY >", "<BODY>Hello<!-- </body> -->|</BODY >")]
    [InlineData("Hello", "Hello|")]
    public void What_is_added_stands_at_the_end_of_the_body(string html, string expected) => Assert.Equal(expected, HtmlLinks.Rewrite(html, null, "|"));

    [Theory]
    [InlineData("See https://shop.example/a.", "See [https://shop.example/a].")]
    [InlineData("(https://shop.example/a?x=(1)), <https://shop.example/b>", "([https://shop.example/a?x=(1])), <[https://shop.example/b]>")]
    [InlineData("http://shop.example/ü#x!\nHTTPS://shop.example", "[http://shop.example/ü#x]!\n[HTTPS://shop.example]")]
    [InlineData("no link: shop.example, xhttps://shop.example mailto:a@b.example", "no link: shop.example, xhttps://shop.example mailto:a@b.example")]
    public void The_links_of_a_text_end_where_people_would_say(string text, string expected) =>
        Assert.Equal(expected, TextLinks.Rewrite(text, url => $"[{url}]"));

    /// No limit on speed: what it costs is printed, and docs/tracking.md says it.
    [Fact]
    public void Whatever_is_thrown_at_it_it_ends_and_a_mail_of_20_KB_costs_little()
    {
        var random = new Random(7);
        string[] pieces = ["<a ", "href=", "\"", "'", "https://x.example/", ">", "</a>", "<!--", "-->", "<script>", "</script>", " ", "=", "<", "/", "data-track=off", "&amp;", "ü", "\0"];
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(text, HtmlLinks.Rewrite(text, url => null, null));
            HtmlLinks.Rewrite(text, url => "x", "<img>");
        }

        var mail = new StringBuilder("<html><body>");
        while (mail.Length < 20_000) mail.Append("""<p style="color:#333">Some words about the goods that we sell.</p><td class="c"><a class="button" href="https://shop.example/goods?id=17&amp;utm=mail">Look</a></td>""");
        var html = mail.Append("</body></html>").ToString();
        var links = 0;
        HtmlLinks.Rewrite(html, url => $"{links++}", "<img>");
        Assert.InRange(links, 100, 200);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 200; i++) HtmlLinks.Rewrite(html, url => "https://m.example/c/x", "<img>");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1));
    }

    private static string Rewrite(string html) =>
        HtmlLinks.Rewrite(html, url => NotificationServer.Recipients.Links.TrackedLinks.CanLeadTo(url) ? $"[{url}]" : null, null);
}
