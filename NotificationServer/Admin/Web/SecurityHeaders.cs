using System.Security.Cryptography;

namespace NotificationServer.Admin.Web;

/// The word by which this response's own scripts are known.
internal sealed record ScriptNonce(string Value);

/// On every response under /admin, whoever makes it: errors, redirects and refusals too.
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment)
{
    public Task InvokeAsync(HttpContext context)
    {
        var nonce = new ScriptNonce(Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));
        context.Features.Set(nonce);
        context.Response.OnStarting(() =>
        {
            Set(context, nonce);
            return Task.CompletedTask;
        });

        // A secure cookie would never come back over plain http: say so instead of failing at sign-in for no visible reason.
        if (environment.IsDevelopment() || context.Request.IsHttps) return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(
            "The admin app is served over HTTPS only. If a proxy ends TLS in front of this server, let it send X-Forwarded-Proto "
            + "and list it among the trusted proxies.", context.RequestAborted);
    }

    private void Set(HttpContext context, ScriptNonce nonce)
    {
        var headers = context.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0)    // a message preview brings its own, stricter one
        {
            headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'nonce-{nonce.Value}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
            headers.XFrameOptions = "DENY";
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
        if (!environment.IsDevelopment()) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }
}
