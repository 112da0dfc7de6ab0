using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Api.Json;

/// An instant is written in UTC, and read only with its offset: a wall time without one would be read in this host's zone.
internal sealed class Rfc3339 : JsonConverter<DateTimeOffset>
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];
    private static readonly string[] WallForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm"];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonFault("invalid_time", "Times are text in the form 2026-11-01T09:00:00Z");

        var text = reader.GetString();
        return TryParse(text, out var instant) ? instant
            : IsWallTime(text) ? throw new JsonFault("offset_required", "Say which offset the time is in: 2026-11-01T09:00:00Z or +01:00")
            : throw new JsonFault("invalid_time", "Times have the form 2026-11-01T09:00:00Z, and are real ones");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Forms[0], CultureInfo.InvariantCulture);

    /// Always offset zero, which is all that PostgreSQL takes.
    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant))
            return false;
        instant = instant.ToUniversalTime();
        return true;
    }

    private static bool IsWallTime(string? text) =>
        DateTime.TryParseExact(text, WallForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
