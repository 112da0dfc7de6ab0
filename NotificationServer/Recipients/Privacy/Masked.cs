using NotificationServer.Recipients.Consents;

namespace NotificationServer.Recipients.Privacy;

/// Personal data as far as a person needs it to recognise somebody they know already: `a…@example.org`, `+41…67`.
internal static class Masked
{
    private const string Hidden = "…";

    public static string Email(string address)
    {
        var at = address.LastIndexOf('@');
        return at <= 0 ? Hidden : string.Concat(address.AsSpan(0, char.IsSurrogate(address[0]) ? 0 : 1), Hidden, address.AsSpan(at));
    }

    public static string Phone(string number) =>
        number.Length < 8 ? Hidden : string.Concat(number.AsSpan(0, 3), Hidden, number.AsSpan(number.Length - 2));

    /// Whatever it is: a mail address, a number, a device token, or a hash, which tells nothing anyway.
    public static string Any(string address) => address switch
    {
        _ when address.StartsWith(AddressHash.Prefix, StringComparison.Ordinal) => address[..Math.Min(address.Length, AddressHash.Prefix.Length + 12)],
        _ when address.Contains('@', StringComparison.Ordinal) => Email(address),
        ['+', ..] => Phone(address),
        { Length: > 12 } => string.Concat(address.AsSpan(0, 4), Hidden),
        _ => Hidden,
    };
}
