using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Admin.Ui;

/// JSON for eyes.
internal static partial class Pretty
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for eyes; the page encodes it for HTML
    };

    public static string? Json(JsonElement? value) => value is { } given ? Escape().Replace(JsonSerializer.Serialize(given, Readable), Character) : null;

    // However relaxed, the encoder writes an emoji as two escapes.
    private static string Character(Match escape) => escape.Groups is [_, { Success: true } high, var low] ? $"{Half(high)}{Half(low)}" : escape.Value;

    private static char Half(Group hex) => (char)int.Parse(hex.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // Every escape is matched, so that the second half of an escaped backslash is not taken for the beginning of another.
    [GeneratedRegex(@"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
