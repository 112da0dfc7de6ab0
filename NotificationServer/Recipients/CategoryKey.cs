using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace NotificationServer.Recipients;

/// The name of a category: 1 to 100 of a-z 0-9 _ -, beginning with a letter or a digit.
internal readonly partial record struct CategoryKey(string Value)
{
    /// For callers; <see cref="Form"/> says the same, without the line end that `$` would allow here.
    public const string Pattern = "^[a-z0-9][a-z0-9_-]{0,99}$";

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? format, out CategoryKey key)
    {
        var valid = text is not null && Form().IsMatch(text);
        key = valid ? new CategoryKey(text!) : default; // a match is not null
        return valid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
