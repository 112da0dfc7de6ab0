using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NotificationServer.Platform.Clocks;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Admin.Pages.Campaigns;

/// Clocks on walls: what a form shows and takes of an instant, in the zone that stands beside it. Null: UTC.
internal static class Zones
{
    private const string Form = "yyyy-MM-dd'T'HH:mm";
    private static readonly string[] Forms = [Form, Form + "':'ss"];

    /// By the tables that come with the server; null is UTC.
    public static bool IsOne(string? zone) => zone is null || (Place.IsTimeZone(zone) && LocalTimes.IsZone(zone));

    public static string? Text(DateTimeOffset? at, string? zone) => at is { } instant ? Text(LocalTimes.LocalOf(instant, zone)) : null;

    [return: NotNullIfNotNull(nameof(local))]
    public static string? Text(DateTime? local) => local?.ToString(Form, CultureInfo.InvariantCulture);

    /// What a field for day and time was sent with; false: something else stands there.
    public static bool TryRead(string? text, out DateTime? local)
    {
        local = null;
        if (string.IsNullOrWhiteSpace(text)) return true;
        if (!DateTime.TryParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) || read.Year is < 2000 or > 2200) return false;
        local = read;
        return true;
    }

    /// What is offered while somebody types; every other one is understood too.
    public static readonly string[] Offered =
    [
        "UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Chicago",
        "America/Denver", "America/Halifax", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
        "America/Toronto", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kathmandu",
        "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tehran", "Asia/Tokyo",
        "Australia/Adelaide", "Australia/Perth", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Dublin",
        "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Oslo", "Europe/Paris", "Europe/Prague",
        "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "Pacific/Honolulu",
    ];
}
