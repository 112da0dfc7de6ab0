using System.Globalization;
using NodaTime;

namespace NotificationServer.Admin.Pages.Users;

/// What a person's own clock shows: whoever is about to write to them should see that it is three in the morning there.
internal static class Clock
{
    public static string? At(string? timeZone, DateTimeOffset now) =>
        timeZone is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not { } zone ? null
            : Instant.FromDateTimeOffset(now).InZone(zone).ToString("ddd HH:mm", CultureInfo.InvariantCulture);
}
