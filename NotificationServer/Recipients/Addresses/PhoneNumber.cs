using System.Text.RegularExpressions;

namespace NotificationServer.Recipients.Addresses;

/// E.164 with the plus sign, at least the seven digits of the shortest subscriber numbers.
internal static partial class PhoneNumber
{
    public static bool TryParse(string? text, out string number, out string code)
    {
        code = "not_e164";
        var matches = text is not null && E164().IsMatch(text);
        number = matches ? text! : ""; // a match is not null
        return matches;
    }

    // Not \d and not $: they take other scripts' digits and a line end.
    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}
