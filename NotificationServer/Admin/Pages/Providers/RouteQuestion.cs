using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Admin.Pages.Providers;

/// Which account would this get? Asked of the same catalogue that the senders ask.
internal sealed record RouteQuestion(string? Channel, string? To, string? Token, string? Country, string? App, string? Category, string? Template)
{
    public bool IsAsked => !string.IsNullOrWhiteSpace(Channel) || !string.IsNullOrWhiteSpace(To);

    /// An address says its channel itself; anything else is a device's.
    public Channel? Way => ChannelNames.TryParse(Channel, out var named) ? named
        : To?.Trim() is not { Length: > 0 } to ? null
        : to.Contains('@', StringComparison.Ordinal) ? Channels.Channel.Email
        : to[0] == '+' ? Channels.Channel.Sms : null;

    /// Why there is no answer; null: there is one.
    public string? Problem => Way switch
    {
        null => "Choose a channel: this is neither a phone number nor a mail address.",
        Channels.Channel.Sms when To is { Length: > 0 } to && !PhoneNumber.TryParse(Bare(to), out _, out _) => "Write the number as +41 79 123 45 67, with its country.",
        _ when Country is { Length: > 0 } country && !Place.IsCountry(country.Trim().ToUpperInvariant()) => "Write the country as two letters: CH.",
        _ => null,
    };

    public RouteQuery Query => new(Way ?? default, Way is { } way && way.Family() == ChannelFamily.Push ? string.IsNullOrWhiteSpace(Token) ? TokenOf(way) : Token : null)
    {
        Address = To is { Length: > 0 } to && PhoneNumber.TryParse(Bare(to), out var number, out _) ? number : To?.Trim(),
        AppId = Text(App),
        UserCountry = Text(Country)?.ToUpperInvariant(),
        Category = Text(Category),
        Template = Text(Template),
    };

    /// As people write numbers.
    private static string Bare(string number) => string.Concat(number.Where(c => !char.IsWhiteSpace(c)));

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string TokenOf(Channel channel) => channel switch
    {
        Channels.Channel.IosPush => "apns",
        Channels.Channel.AndroidPush => "fcm",
        _ => "webpush",
    };
}
