using Microsoft.AspNetCore.Authentication.Cookies;

namespace NotificationServer.Admin.Identity.Sessions;

/// A page on which a session begins. Whatever session the browser brings along is not seen there, so that signing in always makes
/// a new one: an id that somebody put into the browser before never becomes that of the person who signs in.
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StartsSessionAttribute : Attribute;

internal sealed class SessionCookieReader : ICookieManager
{
    private readonly ChunkingCookieManager cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StartsSessionAttribute>() is null ? Former(context, key) : null;

    /// The session that the browser had until now.
    public string? Former(HttpContext context, string key) => cookies.GetRequestCookie(context, key);

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        cookies.AppendResponseCookie(context, key, value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => cookies.DeleteCookie(context, key, options);
}
