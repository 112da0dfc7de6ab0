using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Tracking.Pages;

/// The frame of every page that a person sees: one request, no script, no cookie, nothing from elsewhere.
internal sealed class PersonalPage(IOptions<PersonalLinkOptions> options)
{
    private static readonly string Style = ReadStyle();

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public Task ShowAsync(HttpContext http, int status, Texts texts, string title, Markup body)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";          // the address of the page is the key to it
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.ContentLanguage = texts.Code;
        headers.Vary = "Accept-Language";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Frame(http, texts, title, body).ToString(), http.RequestAborted);
    }

    private Markup Frame(HttpContext http, Texts texts, string title, Markup body) => $"""
        <!doctype html>
        <html lang="{texts.Code}">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <meta name="robots" content="noindex, nofollow">
          <title>{Titled(title)}</title>
          <style>{Sheet()}</style>
        </head>
        <body>
          <header>{Sender()}<nav aria-label="{texts.Language}"><ul>{Texts.All.Select(one => Language(http, one, texts))}</ul></nav></header>
          <main>{body}</main>
        </body>
        </html>
        """;

    private string Titled(string title) => string.IsNullOrEmpty(options.Value.SenderName) ? title : $"{title} · {options.Value.SenderName}";

    private Markup Sender() => string.IsNullOrEmpty(options.Value.SenderName) ? (Markup)$"<span></span>" : (Markup)$"""<span class="sender">{options.Value.SenderName}</span>""";

    private static Markup Language(HttpContext http, Texts one, Texts current) => one == current
        ? (Markup)$"""<li><span lang="{one.Code}" aria-current="true">{one.Name}</span></li>"""
        : (Markup)$"""<li><a lang="{one.Code}" hreflang="{one.Code}" href="{http.Request.PathBase}{http.Request.Path.ToUriComponent()}?lang={one.Code}">{one.Name}</a></li>""";

    // Ours, word for word: encoded, it would be another text than the policy names.
    private static Markup Sheet()
    {
        var sheet = Markup.None;
        sheet.AppendLiteral(Style);
        return sheet;
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(PersonalPage).Assembly.GetManifestResourceStream("page.css")!); // embedded by the project file
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
