using System.Globalization;

namespace NotificationServer.Templates;

/// How dates, numbers and counts are said: in whose language and at whose clock.
internal sealed record Speech(CultureInfo Culture, TimeZoneInfo Zone)
{
    public static readonly Speech Neutral = new(CultureInfo.InvariantCulture, TimeZoneInfo.Utc);

    /// What is unknown is said as its parent would (de-XX as de), at last as nobody's language, at UTC.
    public static Speech Of(string? locale, string? zone) => new(CultureOf(locale), ZoneOf(zone) ?? TimeZoneInfo.Utc);

    public static TimeZoneInfo? ZoneOf(string? name) =>
        name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static CultureInfo CultureOf(string? locale)
    {
        // Longer ones are no locales, and the library keeps every name that it is asked for.
        for (var tag = locale is { Length: <= 35 } ? locale.Replace('_', '-') : ""; tag.Length > 0; tag = tag[..Math.Max(0, tag.LastIndexOf('-'))])
        {
            try
            {
                return CultureInfo.GetCultureInfo(tag, predefinedOnly: true);
            }
            catch (CultureNotFoundException)
            {
                // Its parent may be known.
            }
        }
        return CultureInfo.InvariantCulture;
    }
}
