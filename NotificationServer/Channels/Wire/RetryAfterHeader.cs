using System.Globalization;

namespace NotificationServer.Channels.Wire;

/// How long a vendor asks us to wait. Read from the raw header: the typed one is null for 1.5, -5 and 99999999999, and a
/// vendor that asks in an odd way still means it.
internal static class RetryAfterHeader
{
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Most = TimeSpan.FromHours(1);

    /// Seconds (whole or decimal) or an HTTP date, held between <see cref="Least"/> and <see cref="Most"/>; null if it says
    /// nothing that makes sense, a negative number included.
    public static TimeSpan? Parse(string? value, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        var text = value.AsSpan().Trim();

        // Digits first, or "NaN" and "Infinity" would be numbers too.
        if (char.IsAsciiDigit(text[0]) && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return Clamp(seconds);

        // A date gone by means "now", as does a clock of theirs that runs behind ours.
        return DateTimeOffset.TryParseExact(text, HttpDates, CultureInfo.InvariantCulture, Utc, out var at)
            ? Clamp((at - now).TotalSeconds)
            : null;
    }

    /// The other way of asking: an instant, in seconds since 1970 (X-RateLimit-Reset).
    public static TimeSpan? ParseEpoch(string? value, DateTimeOffset now) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? Clamp(at - (double)now.ToUnixTimeSeconds())
            : null;

    private static readonly string[] HttpDates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static TimeSpan Clamp(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Most.TotalSeconds));
}
