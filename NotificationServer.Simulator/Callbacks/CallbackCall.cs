using System.Net.Http.Headers;

namespace NotificationServer.Simulator.Callbacks;

/// One call that a provider will make. Signed when it is made, because some sign the time; <see cref="Url"/> is what it was told, which
/// need not be where the receiver really listens.
internal sealed record CallbackCall(string Provider, string Url, Func<DateTimeOffset, CallbackBody> Sign);

/// What goes over the wire.
internal sealed record CallbackBody(byte[] Bytes, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public static byte[] Form(IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        using var stream = content.ReadAsStream();
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public HttpRequestMessage To(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
