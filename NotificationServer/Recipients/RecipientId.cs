using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace NotificationServer.Recipients;

/// The name that a client gives a user or a device: 1 to 128 of A-Z a-z 0-9 . _ : @ | = + -, beginning with a letter, a digit or `_`
/// (so that it can be neither `..` in a path nor a formula in a spreadsheet).
internal readonly partial record struct RecipientId(string Value)
{
    /// For callers; <see cref="Form"/> says the same, without the line end that `$` would allow here.
    public const string Pattern = "^[A-Za-z0-9_][A-Za-z0-9._:@|=+-]{0,127}$";

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? format, out RecipientId id)
    {
        var valid = IsValid(text);
        id = valid ? new RecipientId(text!) : default; // a match is not null
        return valid;
    }

    public static bool IsValid([NotNullWhen(true)] string? text) => text is not null && Form().IsMatch(text);

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._:@|=+-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
