using AngleSharp.Html.Parser;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

/// Values that have broken out of other people's pages, in every place where a template may print one; then a browser's parser says
/// what became of them (reliability.md S27, B51).
[Bar("S27", "B51")]
public sealed class XssCorpusTests
{
    private static readonly string[] Places =
    [
        "<p>{{v}}</p>", "{{v}}", "<p title=\"{{v}}\">x</p>", "<p title='{{v}}'>x</p>", "<p class=\"a {{v}} b\">x</p>",
        "<a href=\"{{v}}\">x</a>", "<a href='{{v}}'>x</a>", "<a href=\" {{v}}\">x</a>", "<img src=\"{{v}}\" alt=\"{{v}}\">", "<td background=\"{{v}}\">x</td>",
        "<a href=\"https://x.test/{{v}}\">x</a>", "<a href=\"https://x.test/?q={{v}}&amp;r={{v}}#{{v}}\">x</a>", "<a href=\"/{{v}}\">x</a>", "<a href=\"x{{v}}\">x</a>",
        "<a href=\"mailto:{{v}}\">x</a>", "<a href=\"tel:{{v}}\">x</a>", "<a href=\"{{v}}/path?x={{v}}\">x</a>", "<a href=\"{{v}}{{v}}\">x</a>",
        "<p style=\"color: {{v}}\">x</p>", "<p style='width:{{v}};color:{{v}}'>x</p>", "<p style=\"font-family:'{{v}}'\">x</p>",
        "<!-- {{v}} -->x", "<!--[if mso]><p>{{v}}</p><![endif]-->x", "<title>{{v}}</title>", "<html><head><title>{{v}}</title><style>p{color:red}</style></head><body>{{v}}</body></html>",
        "<p>{{upper v}}</p>", "<p>{{lower v}}</p>", "<p>{{truncate v 30}}</p>", "<p>{{default v \"x\"}}</p>", "<a href=\"{{default v \"https://x.test\"}}\">x</a>", "<a href=\"{{lower v}}\">x</a>",
        "<a href=\"https://x.test/?q={{urlencode v}}\">x</a>", "<p>{{urlencode v}}</p>", "{{#each l}}<p title=\"{{this}}\">{{this}}</p>{{/each}}", "{{#with o}}<p>{{v}}</p>{{/with}}",
        "<a href=\"{{#if v}}{{v}}{{else}}https://x.test{{/if}}\">x</a>", "<p{{#if v}} title=\"{{v}}\"{{/if}}>x</p>", "<table><tr><td>{{v}}</td></tr></table>", "<meta name=\"x\" content=\"{{v}}\">",
    ];

    public static TheoryData<string> Payloads => [.. Corpus()];

    [Theory, MemberData(nameof(Payloads))]
    public void A_value_never_becomes_a_script_a_handler_or_a_link_that_runs(string payload)
    {
        var data = System.Text.Json.JsonSerializer.Serialize(new { v = payload, l = new[] { payload }, o = new { v = payload } });
        foreach (var place in Places)
        {
            var html = Spoken.Html(place, data);

            Assert.False(html.StartsWith("refused:", StringComparison.Ordinal), $"{place}: {html}");
            Harmless(html, place);
        }
    }

    [Fact]
    public void The_same_values_in_two_neighbouring_variables_and_in_the_plain_words_of_the_writer_do_no_harm_either()
    {
        foreach (var (first, second) in Corpus().Zip(Corpus().Reverse()))
        {
            var data = System.Text.Json.JsonSerializer.Serialize(new { a = first, b = second });
            foreach (var place in (string[])["<a href=\"{{a}}{{b}}\">x</a>", "<p title=\"{{a}}{{b}}\">{{a}}{{b}}</p>", "<!-- {{a}}{{b}} -->", "<p style=\"color:{{a}}{{b}}\">x</p>"])
                Harmless(Spoken.Html(place, data), place);
        }
    }

    /// What the scanner accepts of a writer's own HTML is harmless to a browser's parser too: the two read it the same way.
    [Fact]
    public void A_writer_who_pastes_any_of_it_is_refused_or_gets_words()
    {
        foreach (var payload in Corpus().Concat(Places.SelectMany(place => Corpus().Select(p => place.Replace("{{v}}", p, StringComparison.Ordinal)))))
        {
            if (payload.Contains("{{", StringComparison.Ordinal)) continue;
            var html = Spoken.Html(payload);
            if (!html.StartsWith("refused:", StringComparison.Ordinal)) Harmless(html, payload);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Scraps_of_HTML_in_any_order_are_refused_or_harmless(int seed)
    {
        string[] scraps =
        [
            "<", ">", "</", "<a ", "<p", "<!--", "-->", "--!>", "-", "<!", "<?", "\"", "'", "=", "/", " ", "\n", "href=", "href=\"", "title='", "style=\"", "onclick=", "script", "<script>", "</script>",
            "<style>", "</style", "<title>", "</title>", "javascript:", "x", ":", "&", "#", "<img src=x ", "onerror=alert(1)", "{{v}}", "{{#if v}}", "{{else}}", "{{/if}}", "{{~! ~}}", "i", "frame", "<s", "cript>", "<![CDATA[", "]]>", "\0", "`",
        ];
        var random = new Random(seed);
        var accepted = 0;
        for (var n = 0; n < 6_000; n++)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(2, 14)).Select(_ => scraps[random.Next(scraps.Length)]));
            foreach (var data in (string[])["""{"v":"javascript:alert(1)"}""", """{"v":"-->\"><img src=x onerror=alert(1)>"}""", "{}"])
            {
                var html = Spoken.Html(template, data);
                if (html.StartsWith("refused:", StringComparison.Ordinal) || html.StartsWith("problem:", StringComparison.Ordinal)) continue;
                accepted++;
                Harmless(html, template);
            }
        }
        Assert.True(accepted > 300, $"only {accepted} were accepted: the test has lost its point");
    }

    private static void Harmless(string html, string from)
    {
        var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html);
        foreach (var element in document.All)
        {
            Assert.False(element.LocalName is "script" or "iframe" or "object" or "embed" or "svg" or "math" or "form" or "base", $"{from} gave {html}");
            foreach (var attribute in element.Attributes)
            {
                Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{from} gave {html}");
                Assert.False(attribute.Name is "srcdoc" or "formaction", $"{from} gave {html}");
                var seen = string.Concat(attribute.Value.Where(c => c > ' ' && !char.IsControl(c)));
                if (attribute.Name is "href" or "src" or "background" or "action" or "xlink:href")
                    Assert.False(Runs(seen), $"{from} gave {html}");
                if (attribute.Name == "style")
                    Assert.False(seen.Contains("javascript:", StringComparison.OrdinalIgnoreCase) || seen.Contains("expression(", StringComparison.OrdinalIgnoreCase), $"{from} gave {html}");
                Assert.False(attribute.Name == "http-equiv" && attribute.Value.Trim().Equals("refresh", StringComparison.OrdinalIgnoreCase), $"{from} gave {html}");
            }
        }
    }

    private static bool Runs(string link) =>
        ((string[])["javascript:", "vbscript:", "data:", "file:", "livescript:", "mocha:"]).Any(scheme => link.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Corpus() =>
    [
        "<script>alert(1)</script>", "</p><script>alert(1)</script>", "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "</title><script>alert(1)</script>",
        "</style><script>alert(1)</script>", "--><script>alert(1)</script>", "--!><script>alert(1)</script>", "]]><script>alert(1)</script>", "<![endif]--><script>alert(1)</script>",
        "<ScRiPt>alert(1)</ScRiPt>", "<script/src=//evil.test/x.js></script>", "<script\n>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<<script>alert(1);//<</script>",
        "<script src=data:,alert(1)>", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "＜script＞alert(1)＜/script＞", "<script>alert`1`</script>", "<noscript><p title=\"</noscript><script>alert(1)</script>\">",
        "<img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "\" onmouseover=\"alert(1)", "` onmouseover=`alert(1)", " onload=alert(1) ", "\"onfocus=alert(1) autofocus=\"",
        "<img/src=x/onerror=alert(1)>", "<img src=\"x\" onerror=\"alert(1)\"", "<body onload=alert(1)>", "<svg onload=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
        "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<input autofocus onfocus=alert(1)>", "<marquee onstart=alert(1)>", "<select><option onclick=alert(1)>",
        "<iframe src=javascript:alert(1)>", "<iframe srcdoc=\"<script>alert(1)</script>\">", "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<form action=javascript:alert(1)><input type=submit>", "<button formaction=javascript:alert(1)>x",
        "<base href=\"javascript:/\">", "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<link rel=stylesheet href=\"javascript:alert(1)\">", "<a href=\"javascript:alert(1)\">x</a>", "<style>@import 'javascript:alert(1)';</style>",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "java\0script:alert(1)", "\u0001javascript:alert(1)", "\u00a0javascript:alert(1)", "javascript\u0000:alert(1)",
        "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "java&Tab;script:alert(1)", "javascript://x.test/%0aalert(1)", "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
        "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:msgbox(1)", "file:///etc/passwd", ":javascript:alert(1)", "//evil.test", "feed:javascript:alert(1)", "view-source:javascript:alert(1)",
        "expression(alert(1))", "red;background:url(javascript:alert(1))", "red;behavior:url(x.htc)", "\\65xpression(alert(1))", "x:expr/**/ession(alert(1))", "}</style><script>alert(1)</script>", "'}body{background:url(javascript:alert(1))", "red\\3b background:url(x)",
        "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "<%= 1 %>", "\ud800<script>alert(1)</script>", "\u202e<script>alert(1)</script>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "\u2028<script>alert(1)</script>", "<p/title='\"'onclick=alert(1)>", "<!--", "-->", "-", "--", "->", ">", "\\\"", "&lt;script&gt;alert(1)&lt;/script&gt;",
    ];
}
