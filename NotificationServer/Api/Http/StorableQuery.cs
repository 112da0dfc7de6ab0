using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Http;

/// PostgreSQL keeps a NUL in no text, so that nothing can be searched for one: refused here once, instead of at every parameter that somebody adds.
internal static class StorableQuery
{
    private const string Escaped = "%00";

    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        // Kestrel lets no bare NUL into a request line.
        if (http.Request.QueryString.Value?.Contains(Escaped, StringComparison.Ordinal) != true)
            return next(http);

        var name = http.Request.Query.FirstOrDefault(one => one.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) == true)).Key;
        return Problems.InvalidParameter(name is null ? "query" : $"query:{name}", "nul_character", "Contains a NUL character").ExecuteAsync(http);
    }
}
