using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Callbacks;

/// No provider packs what it calls with, and a signature covers the bytes as they came. Until it is checked, anybody could have a node unpack a
/// thousand times what they sent.
internal static class PackedCallback
{
    public static Task RefuseAsync(HttpContext http, RequestDelegate next) =>
        http.Request.Headers.ContentEncoding.Count == 0 || !http.Request.Path.StartsWithSegments("/in", StringComparison.OrdinalIgnoreCase) ? next(http)
            : new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Packed", "Send it as it is, without Content-Encoding").ExecuteAsync(http);
}
