using System.Buffers;
using Microsoft.Net.Http.Headers;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// A body, read whole.
internal static class JsonRequest
{
    public delegate T Reading<out T>(ReadOnlySpan<byte> json);

    public static void Require(HttpRequest request)
    {
        var isUtf8 = !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        if (!request.HasJsonContentType() || !isUtf8 || request.Headers.ContentEncoding.Count > 0)
            throw new ProblemException(Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType));
    }

    /// The bytes are only there during the call.
    public static async Task<T> ReadAsync<T>(HttpContext context, Reading<T> parse)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        var buffer = read.Buffer;
        byte[]? rented = null;
        try
        {
            if (buffer.IsSingleSegment) return parse(buffer.FirstSpan);
            rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
            buffer.CopyTo(rented);
            return parse(rented.AsSpan(0, (int)buffer.Length));
        }
        finally
        {
            reader.AdvanceTo(buffer.End);
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
