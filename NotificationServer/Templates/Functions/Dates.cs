using System.Globalization;

namespace NotificationServer.Templates.Functions;

/// `{{date value "long" zone="Europe/Zurich"}}`: in the reader's language, at the reader's clock or that of a named zone.
internal static class Dates
{
    public static Evaluation? Prepare(CallParts parts)
    {
        var legacy = parts.Call.Name == "formatDate"; // its third word is the zone
        if (!legacy && parts.Count == 3) return parts.Refuse("the zone is written zone=\"Europe/Zurich\"");
        if (parts.Count > 1 && parts.Literal(1) is not string) return parts.Refuse("the style is a text in quotes");
        if (DatePattern.Of(parts.Literal(1) as string ?? "medium", out var problem) is not { } pattern) return parts.Refuse(problem!);

        var zone = legacy && parts.Count == 3 ? parts[2] : parts.Named("zone");
        if (((legacy ? parts.Literal(2) : parts.Literal("zone")) is { } literal) && Speech.ZoneOf(literal as string) is null)
            return parts.Refuse("there is no such time zone: write one as Europe/Zurich");

        var (given, subject) = (parts[0], parts.Subject);
        return (in values, speech) =>
        {
            var moment = Read(given(values, speech), subject);
            var at = zone is null ? speech.Zone : ZoneOr(zone(values, speech));
            return Say(moment, pattern, at, speech.Culture, subject);
        };
    }

    private static Moment Read(object? value, string subject) => value is string text && Moment.Read(text) is { } moment
        ? moment
        : throw new RenderStopped(value is null ? Values.Missing(subject) : $"cannot read {subject} as a date: write 2026-03-29, or 2026-03-29T10:00:00Z with Z or an offset");

    private static TimeZoneInfo ZoneOr(object? value) =>
        Speech.ZoneOf(value as string) ?? throw new RenderStopped("was given a zone that is no time zone: write one as Europe/Zurich");

    private static string Say(Moment moment, DatePattern pattern, TimeZoneInfo zone, CultureInfo culture, string subject)
    {
        if (!moment.HasTime && pattern.NeedsTime) throw new RenderStopped($"has no time of day to say: {subject} is only a date");
        try
        {
            var local = moment.HasTime ? TimeZoneInfo.ConvertTime(moment.Time, zone) : moment.Time;
            return pattern.Format(local, moment.HasTime, culture);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new RenderStopped($"cannot say the date {subject} in this calendar or zone"); // the year 1, or 2200 in the Umm al-Qura calendar
        }
    }
}
