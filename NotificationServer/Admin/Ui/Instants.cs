using System.Globalization;

namespace NotificationServer.Admin.Ui;

/// Instants as a form takes them (`datetime-local`): in UTC, which the form says.
internal static class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];

    /// True and null: nothing was written. False: it is no instant.
    public static bool TryRead(string? text, out DateTimeOffset? instant)
    {
        instant = null;
        if (string.IsNullOrWhiteSpace(text)) return true;
        var isOne = DateTimeOffset.TryParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            && read.Year is > 2000 and < 2200;
        instant = isOne ? read : null;
        return isOne;
    }

    public static string? Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
