using System.Globalization;

namespace NotificationServer.Templates.Functions;

/// A day, or an instant with its offset, as RFC 3339 writes them. A time without an offset is neither: nobody could say when it is.
internal readonly record struct Moment(DateTimeOffset Time, bool HasTime)
{
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    public static Moment? Read(string text)
    {
        if (text.Length is < 10 or > 40 || text[4] != '-') return null;
        if (text.Length == 10)
            return DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new Moment(new DateTimeOffset(day, TimeSpan.Zero), HasTime: false)
                : null;

        if (text[^1] is not ('Z' or 'z') && text[^6] is not ('+' or '-')) return null;
        var upper = text.ToUpperInvariant();
        return DateTimeOffset.TryParseExact(upper, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? new Moment(time, HasTime: true)
            : null;
    }
}
