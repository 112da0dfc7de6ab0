using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotificationServer.Admin.Ui;

/// JSON for eyes.
internal static class Pretty
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for eyes; the page encodes it for HTML
    };

    public static string? Json(JsonElement? value) => value is { } given ? JsonSerializer.Serialize(given, Readable) : null;
}
