using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Http;

/// Two statements of where a body ends are how requests are smuggled past a proxy. RFC 9112 lets a server refuse them; ours does.
internal static class AmbiguousFraming
{
    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        // Kestrel keeps the refused length under the second name.
        if (headers.TransferEncoding.Count == 0 || headers.ContentLength is null && !headers.ContainsKey("X-Content-Length"))
            return next(http);

        http.Response.Headers.Connection = "close";
        return Problems.OfStatus(StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }
}
