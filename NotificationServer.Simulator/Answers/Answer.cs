using System.Text;

namespace NotificationServer.Simulator.Answers;

internal readonly record struct Header(string Name, string Value);

/// What goes back over the wire.
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body = default, string? ContentType = null)
{
    public IReadOnlyList<Header> Headers { get; init; } = [];

    public static Answer Json(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "application/json");
}
