using Microsoft.Extensions.Options;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Recipients;

/// The numbers that this server sends to: E.164, in a country that it serves.
internal sealed class PhonePolicy(IOptions<PhoneOptions> options)
{
    public const string NotServed = "country_not_served";

    private readonly bool servesAll = options.Value.AllowedPrefixes.Length == 0;

    /// For the caller who was refused.
    public static string Help(string code) => code == NotServed ? "This server does not send to numbers of this kind" : "Use +<country><number>";

    public bool Takes(string? text, out string number, out string code)
    {
        if (!PhoneNumber.TryParse(text, out number, out code)) return false;
        if (Serves(number)) return true;
        (number, code) = ("", NotServed);
        return false;
    }

    private bool Serves(string number)
    {
        var allowed = servesAll ? 0 : Longest(options.Value.AllowedPrefixes, number);
        return allowed >= 0 && Longest(options.Value.RefusedPrefixes, number) < Math.Max(allowed, 1);
    }

    /// How long the longest of them is that the number begins with; -1: none.
    private static int Longest(string[] prefixes, string number)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
            if (prefix.Length > longest && number.StartsWith(prefix, StringComparison.Ordinal)) longest = prefix.Length;
        return longest;
    }
}
