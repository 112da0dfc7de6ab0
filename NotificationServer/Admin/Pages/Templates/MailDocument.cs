using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc;

namespace NotificationServer.Admin.Pages.Templates;

/// A mail's own HTML, as it is, in a document of its own that can neither run a script nor reach this app.
internal static class MailDocument
{
    public const string Policy =
        "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    public static ContentResult Of(HttpResponse response, Look look)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        var mail = look.Email;
        return new ContentResult
        {
            ContentType = "text/html; charset=utf-8",
            Content = mail?.Content?.Html ?? Note(mail?.Problem is { } problem ? $"This mail cannot be shown: {problem}." : mail?.Content is null ? "No mail is written yet." : "This mail has no HTML: see the text."),
        };
    }

    private static string Note(string words) =>
        $"<!doctype html><meta charset=utf-8><body style=\"font:14px/20px system-ui,sans-serif;color:#5f6168;padding:32px;text-align:center\">{HtmlEncoder.Default.Encode(words)}";
}
