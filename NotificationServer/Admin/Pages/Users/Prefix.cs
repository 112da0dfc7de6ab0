namespace NotificationServer.Admin.Pages.Users;

/// What somebody typed of an id or an address, as the range of texts that begin so.
internal static class Prefix
{
    /// Behind everything that begins with it, in the order of bytes: no character comes after the last one of Unicode. Whole: behind
    /// the text itself only. Who may not see addresses must not be able to guess one letter by letter either.
    public static string EndOf(string text, bool whole = false) => text + (whole ? "\u0001" : "\U0010FFFF");

    /// A number as it is stored, from how people write it.
    public static string Phone(string text)
    {
        var digits = new string([.. text.Where(c => char.IsAsciiDigit(c) || c == '+')]);
        return digits.StartsWith("00", StringComparison.Ordinal) ? $"+{digits[2..]}" : digits;
    }
}
