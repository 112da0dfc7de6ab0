using Microsoft.AspNetCore.Http.Features;

namespace NotificationServer.Tracking.Pages;

/// A form that was posted, of either kind; null: what came is none, or far too much of one.
internal static class PostedForm
{
    public static async Task<IFormCollection?> ReadAsync(HttpContext http, int mostFields, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions
            {
                ValueCountLimit = mostFields, KeyLengthLimit = 200, ValueLengthLimit = 2000, MultipartBodyLengthLimit = 64 * 1024, BufferBodyLengthLimit = 64 * 1024,
            }, ct);
            return form;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }
}
