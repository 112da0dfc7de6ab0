using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Tracking.Webhooks;

/// What goes over the wire. The same bytes on each try: the receiver may keep the digest of what it has seen.
internal static class WebhookEvent
{
    public const string IdPrefix = "evt";

    public static byte[] Body(string type, DateTimeOffset at, string data) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""{"type":"{{type}}","timestamp":"{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","data":{{data}}}"""));

    public static byte[] TestBody(DateTimeOffset at, string endpoint) =>
        Body(EventTypes.Test, at, JsonSerializer.Serialize(new Dictionary<string, string> { ["endpoint_id"] = endpoint }));
}
