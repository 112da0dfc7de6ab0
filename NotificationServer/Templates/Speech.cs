using System.Globalization;

namespace NotificationServer.Templates;

/// How dates, numbers and counts are said: in whose language and at whose clock.
internal sealed record Speech(CultureInfo Culture, TimeZoneInfo Zone)
{
    public static readonly Speech Neutral = new(CultureInfo.InvariantCulture, TimeZoneInfo.Utc);
}
