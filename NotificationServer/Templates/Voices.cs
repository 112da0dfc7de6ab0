using System.Collections.Concurrent;

namespace NotificationServer.Templates;

/// Who says it: from a locale and a zone as people's records have them to a culture and a clock. Remembered, because looking them up
/// costs more than a rendering; bounded, because the names come from outside.
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
        return Known[(locale, setting.TimeZone)] = Speech.Of(locale, setting.TimeZone);
    }
}
