using System.Globalization;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Http;

/// Optimistic updates: the version goes out as an ETag and comes back as If-Match.
internal static class Version
{
    public static void SetETag(this HttpContext http, int version) => http.SetETag(version.ToString(CultureInfo.InvariantCulture));

    public static void SetETag(this HttpContext http, string version) => http.Response.Headers.ETag = $"\"{version}\"";

    /// Null where the caller does not care. A tag that is not one of ours matches nothing.
    public static Problem? ReadIfMatch(this HttpContext http, out string? version)
    {
        version = null;
        var asked = http.Request.Headers.IfMatch;
        if (asked.Count == 0 || asked is ["*"])
            return null;
        if (asked is not [{ Length: > 2 } tag] || tag[0] != '"' || tag[^1] != '"' || tag.AsSpan(1, tag.Length - 2).Contains('"'))
            return Problems.InvalidParameter("header:If-Match", "invalid_etag", "If-Match holds one quoted ETag, or *");

        version = tag[1..^1];
        return null;
    }
}
