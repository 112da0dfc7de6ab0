using NodaTime;
using NodaTime.TimeZones;

namespace NotificationServer.Recipients;

/// The part of a person's day in which they are left alone, on the wall clock of their zone. Every instant is worked out in the zone's own
/// rules: where a clock is put forward over an end, the first moment after the gap counts; where one is put back, the first occurrence.
internal sealed record QuietHours(TimeOnly From, TimeOnly To, string? TimeZone)
{
    private static readonly ZoneLocalMappingResolver Once =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// When the quiet that holds at this instant ends; null: it is not quiet then. An unknown zone is UTC.
    public DateTimeOffset? EndOf(DateTimeOffset at)
    {
        var zone = (TimeZone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone)) ?? DateTimeZone.Utc;
        var instant = Instant.FromDateTimeOffset(at);
        var today = instant.InZone(zone).Date;
        // What began yesterday may still last; a clock put back may also repeat the end of yesterday.
        foreach (var day in (LocalDate[])[today.PlusDays(-1), today])
        {
            var start = (day + Local(From)).InZone(zone, Once).ToInstant();
            var end = ((From < To ? day : day.PlusDays(1)) + Local(To)).InZone(zone, Once).ToInstant();
            if (start <= instant && instant < end) return end.ToDateTimeOffset();
        }
        return null;
    }

    private static LocalTime Local(TimeOnly time) => LocalTime.FromTicksSinceMidnight(time.Ticks);
}
