using System.Diagnostics;

namespace NotificationServer.Api.Http;

/// Every answer says by which id its request can be found: the caller's own if it sent one that is fit to be repeated, else the trace's.
internal static class RequestIdentity
{
    private const string Header = "X-Request-Id";

    public static Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var asked = http.Request.Headers[Header].ToString();
            http.Response.Headers[Header] = IsFit(asked) ? asked : Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        }, http);
        return next(http);
    }

    private static bool IsFit(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
