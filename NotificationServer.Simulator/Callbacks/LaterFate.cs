using System.Globalization;

namespace NotificationServer.Simulator.Callbacks;

/// Addresses that are accepted and come to grief later. README.md has the table.
internal static class LaterFate
{
    private const string PhonePrefix = "+15005553";
    private const string MailDomain = "@sim.example";

    /// `+15005553` and the last three digits of the error: 005 is 30005. Null: it arrives.
    public static string? InPhone(string number) =>
        number.Length == PhonePrefix.Length + 3 && number.StartsWith(PhonePrefix, StringComparison.Ordinal) ? $"30{number[^3..]}" : null;

    /// The same for Vonage: 1 and the digits are an error of the Messages API (260 is 1260), the digits alone one of the SMS API (009 is 9).
    public static int? Code(string number) => InPhone(number) is { } code ? int.Parse(code.AsSpan(2), CultureInfo.InvariantCulture) : null;

    /// The word in front of the domain, perhaps with a plus tag: bounce, blocked, dropped, spam, unsubscribe. Null: it arrives.
    public static string? InMail(string address) =>
        address.EndsWith(MailDomain, StringComparison.OrdinalIgnoreCase) && address[..^MailDomain.Length].Split('+')[0] is var word
            && word is "bounce" or "blocked" or "dropped" or "deferred" or "spam" or "unsubscribe" ? word : null;
}
