using System.Diagnostics;

namespace NotificationServer.Platform.Telemetry;

/// Names the span of a request by its route. Never by its address, which may hold a person's id or the token of a link.
internal static class RequestSpans
{
    public static async Task NameAsync(HttpContext http, RequestDelegate next)
    {
        var span = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity;
        try
        {
            await next(http);
        }
        finally
        {
            if (span is { IsAllDataRequested: true }) Tell(span, http);
        }
    }

    private static void Tell(Activity span, HttpContext http)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
        span.DisplayName = $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        span.SetTag("url.path", null);
        span.SetTag("url.query", null);
        if (http.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }
}
