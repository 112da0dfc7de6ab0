using System.Globalization;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Schemas;

/// The formats that are checked, not only noted: who writes one expects it to hold.
internal static partial class Formats
{
    public static readonly IReadOnlyDictionary<string, Func<string, bool>> Known = new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
    {
        ["date-time"] = text => text.Length > 10 && text[10] is 'T' or 't' && IsDate(text[..10]) && Time().Match(text[11..]) is { Success: true } time && IsTime(time),
        ["date"] = IsDate,
        ["time"] = text => Time().Match(text) is { Success: true } time && IsTime(time),
        ["email"] = text => Email().IsMatch(text),
        ["uri"] = text => text.All(char.IsAscii) && Scheme().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.IsWellFormedOriginalString(),
        ["uuid"] = text => text.Length == 36 && Guid.TryParseExact(text, "D", out _),
    };

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsTime(Match time)
    {
        int Of(string name) => time.Groups[name].Success ? int.Parse(time.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var (hour, minute, second) = (Of("hour"), Of("minute"), Of("second"));
        var (zoneHour, zoneMinute) = (Of("zh"), Of("zm"));
        if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return false;
        if (second < 60) return true;
        // A leap second is the last of a UTC day.
        var offset = (zoneHour * 60 + zoneMinute) * (time.Groups["sign"].Value == "-" ? -1 : 1);
        return (hour * 60 + minute - offset + 2 * 24 * 60) % (24 * 60) == 24 * 60 - 1;
    }

    [GeneratedRegex(@"\A(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<zh>[0-9]{2}):(?<zm>[0-9]{2}))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A(?=[^@]{1,64}@)[^\s@.]+(\.[^\s@.]+)*@[^\s@]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
