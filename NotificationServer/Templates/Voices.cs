using System.Collections.Concurrent;
using System.Globalization;

namespace NotificationServer.Templates;

/// From a locale and a zone as people's records have them to a culture and a clock. Remembered, because looking one up costs more
/// than a rendering; bounded, because the names come from outside.
internal static class Voices
{
    private const int MaxRemembered = 5_000;
    private static readonly ConcurrentDictionary<(string? Locale, string? Zone), Speech> Known = new();

    /// The words decide the language: German words tell the date in German, to a Swiss reader as the Swiss write it, whatever else
    /// the person may speak. Words whose locale nobody said follow the person.
    public static Speech Of(string? wordsLocale, RenderSetting setting)
    {
        var locale = wordsLocale is null || (setting.Locale is { } own && LocaleChain.SameLanguage(own, wordsLocale)) ? setting.Locale : wordsLocale;
        if (locale is null && setting.TimeZone is null) return Speech.Neutral;
        if (Known.TryGetValue((locale, setting.TimeZone), out var speech)) return speech;

        if (Known.Count >= MaxRemembered) Known.Clear();
        return Known[(locale, setting.TimeZone)] = new Speech(CultureOf(locale), ZoneOf(setting.TimeZone));
    }

    private static CultureInfo CultureOf(string? locale)
    {
        for (; locale is not null; locale = LocaleChain.Next(locale))
        {
            try
            {
                return CultureInfo.GetCultureInfo(locale, predefinedOnly: true);
            }
            catch (CultureNotFoundException)
            {
                // A well-formed tag of a place that this machine knows nothing of: the language alone will do.
            }
        }
        return CultureInfo.InvariantCulture;
    }

    private static TimeZoneInfo ZoneOf(string? zone) =>
        zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc;
}
