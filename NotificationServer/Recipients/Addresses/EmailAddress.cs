using System.Buffers;
using System.Globalization;

namespace NotificationServer.Recipients.Addresses;

/// What a sending service should take: dot-atom, a host name with a dot, ASCII on the wire. Quoted local parts, address literals and
/// display forms are grammar too, but nobody's address and a way to smuggle a second one.
internal static class EmailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocal = 64;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> Atom =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> Label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// The address as it is stored: its domain in A-labels and lower case, its local part as given. Otherwise `code` says why not:
    /// `header_injection`, `needs_smtputf8` or `invalid_email`.
    public static bool TryParse(string? text, out string address, out string code)
    {
        (address, code) = ("", "invalid_email");
        if (text is null or { Length: > MaxLength })
            return false;
        if (text.AsSpan().ContainsAny('\r', '\n'))
        {
            code = "header_injection";
            return false;
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || !IsLocalPart(text.AsSpan(0, at), ref code) || !TryDomain(text[(at + 1)..], out var domain))
            return false;

        address = $"{text.AsSpan(0, at)}@{domain}";
        return address.Length <= MaxLength;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local, ref string code)
    {
        if (local.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            code = "needs_smtputf8";
            return false;
        }

        return local.Length <= MaxLocal && !local.ContainsAnyExcept(Atom)
            && local[0] != '.' && local[^1] != '.' && local.IndexOf("..", StringComparison.Ordinal) < 0;
    }

    private static bool TryDomain(string text, out string domain)
    {
        domain = "";
        if (text.Length == 0 || !TryAscii(text, out var ascii))
            return false;

        domain = ascii.ToLowerInvariant();
        var labels = domain.Split('.');
        return labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool TryAscii(string text, out string ascii)
    {
        ascii = text;
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\x7f'))
            return true;

        try
        {
            ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text);
            return true;
        }
        catch (ArgumentException)
        {
            // The only way in which this class says that a name is none.
            return false;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && !label.AsSpan().ContainsAnyExcept(Label) && label[0] != '-' && label[^1] != '-';
}
