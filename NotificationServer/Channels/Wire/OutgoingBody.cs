using System.Net;
using System.Net.Http.Headers;

namespace NotificationServer.Channels.Wire;

/// A request's body that knows whether it was ever handed to a connection. Until then the vendor cannot have acted on the
/// request, so a deadline that passes while waiting for a connection or a stream is "not sent", never "unknown".
internal sealed class OutgoingBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> bytes;

    public OutgoingBody(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue? type)
    {
        this.bytes = bytes;
        Headers.ContentType = type;
    }

    public bool HandedOver { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HandedOver = true;
        return stream.WriteAsync(bytes, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
