using System.Globalization;

namespace NotificationServer.Simulator.Faults;

/// Addresses that carry their own fault, in forms that a sender's address checks let pass. README.md has the table.
internal static class MagicRecipient
{
    private const string HexPrefix = "facade";
    private const string PhonePrefix = "+1500555";
    private const string TokenPrefix = "sim-";
    private const string MailDomain = "@sim.example";

    /// Long enough to be slow, short enough for most senders' patience.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// An APNs token: `facade`, four digits, anything.
    public static Fault? InHexToken(string token) =>
        token.Length >= HexPrefix.Length + 4 && token.StartsWith(HexPrefix, StringComparison.OrdinalIgnoreCase)
            ? Digits(token.AsSpan(HexPrefix.Length, 4))
            : null;

    /// A phone number: `+1500555` and four digits.
    public static Fault? InPhone(string number) =>
        number.Length == PhonePrefix.Length + 4 && number.StartsWith(PhonePrefix, StringComparison.Ordinal)
            ? Twilio(number.AsSpan(PhonePrefix.Length)) ?? Digits(number.AsSpan(PhonePrefix.Length))
            : null;

    /// The same at a vendor that documents no numbers of its own.
    public static Fault? InNumber(string number) =>
        number.Length == PhonePrefix.Length + 4 && number.StartsWith(PhonePrefix, StringComparison.Ordinal) ? Digits(number.AsSpan(PhonePrefix.Length)) : null;

    /// An FCM token: `sim-`, the word, and perhaps a colon and anything.
    public static Fault? InToken(string token) =>
        token.StartsWith(TokenPrefix, StringComparison.Ordinal) ? Word(Before(token[TokenPrefix.Length..], ':')) : null;

    /// A mail address: the word, perhaps a plus tag, at sim.example.
    public static Fault? InMail(string address) =>
        address.EndsWith(MailDomain, StringComparison.OrdinalIgnoreCase)
            ? Word(Before(address[..^MailDomain.Length], '+'))
            : null;

    private static string Before(string text, char end) =>
        text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    /// The numbers that Twilio itself documents for test credentials.
    private static Fault? Twilio(ReadOnlySpan<char> digits) => digits switch
    {
        "0001" => new Fault { Status = 400, Code = "21211" },
        "0002" => new Fault { Status = 400, Code = "21612" },
        "0003" => new Fault { Status = 400, Code = "21408" },
        "0004" => new Fault { Status = 400, Code = "21610" },
        "0009" => new Fault { Status = 400, Code = "21614" },
        _ => null,
    };

    private static Fault? Digits(ReadOnlySpan<char> digits)
    {
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return (number / 1000, number % 1000) switch
        {
            (0, >= 400 and < 600 and var status) => new Fault { Status = status },
            (1, >= 400 and < 600 and var status) => new Fault { Status = status, OncePerRecipient = true },
            (2, var seconds) => Throttled(seconds.ToString(CultureInfo.InvariantCulture)),
            (9, var kind) => Behaviour(kind switch
            {
                1 => "hang",
                2 => "reset",
                3 => "reset-connection",
                4 => "garbage",
                5 => "truncate",
                6 => "slow",
                7 => "accept-reset",
                8 => "accept-503",
                9 => "gone",
                _ => "",
            }),
            _ => null,
        };
    }

    private static Fault? Word(string word) => word.Split('-', 2) switch
    {
        ["status", var status] when IsStatus(status, out var number) => new Fault { Status = number },
        ["once", var status] when IsStatus(status, out var number) => new Fault { Status = number, OncePerRecipient = true },
        ["throttled", var text] => Throttled(text),
        _ => Behaviour(word),
    };

    private static bool IsStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 400 and < 600;

    private static Fault Throttled(string retryAfter) => new() { Status = 429, RetryAfter = retryAfter };

    private static Fault? Behaviour(string word) => word switch
    {
        "hang" => new Fault { Hang = true },
        "reset" => new Fault { Reset = ResetKind.Stream },
        "reset-connection" => new Fault { Reset = ResetKind.Connection },
        "garbage" => new Fault { Garbage = true },
        "truncate" => new Fault { Truncate = true },
        "slow" => new Fault { Delay = Slow },
        "accept-reset" => new Fault { Reset = ResetKind.Stream, Accept = true },
        "accept-503" => new Fault { Status = 503, Accept = true },
        "gone" => new Fault { DeadToken = true },
        _ => null,
    };
}
