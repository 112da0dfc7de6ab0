using NodaTime;
using NodaTime.TimeZones;

namespace NotificationServer.Platform.Clocks;

/// What a wall clock says, as an instant, in the zone's own rules (IANA, from the tables that come with the server and not the machine's).
/// Where a clock is put forward over a time, the first minute after the gap is meant; where it is put back, the first of the two, once.
internal static class LocalTimes
{
    private static readonly ZoneLocalMappingResolver Once =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// Zone: null or unknown is UTC.
    public static DateTimeOffset InstantOf(DateTime local, string? zone) =>
        LocalDateTime.FromDateTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)).InZone(ZoneOf(zone), Once).ToDateTimeOffset().ToUniversalTime();

    /// What the clocks of a zone say at an instant.
    public static DateTime LocalOf(DateTimeOffset at, string? zone) => Instant.FromDateTimeOffset(at).InZone(ZoneOf(zone)).ToDateTimeUnspecified();

    public static bool IsZone(string? zone) => zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;

    private static DateTimeZone ZoneOf(string? zone) => (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc;
}
