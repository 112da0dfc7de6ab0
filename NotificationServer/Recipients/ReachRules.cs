using NotificationServer.Channels;

namespace NotificationServer.Recipients;

/// One address that a message would go to, or the rule that keeps it from going.
internal readonly record struct Target(
    string Channel, string? Address, string? DeviceId, string? PushProvider, string? AppId, string? Locale, string? Refusal);

/// May we reach this person, and where? The same rules at intake and again just before a send.
internal static class ReachRules
{
    public const string OptedOut = "opted_out";
    public const string CategoryOptedOut = "category_opted_out";
    public const string Blocked = "blocked";
    public const string SuppressedAddress = "suppressed_address";
    public const string NoAddress = "no_address";

    /// Every address of the recipient on the channels asked for. A channel without any address is one refused target, so
    /// that nothing that was asked for is silently missing.
    public static IEnumerable<Target> Targets(
        RecipientReference recipient, IReadOnlyList<Channel> channels, CategoryRule category, KnownRecipients known)
    {
        var person = recipient.UserId is { } id ? known.People.GetValueOrDefault(id) : null;
        var pushAsked = channels.Any(channel => channel.Family() == ChannelFamily.Push);
        var pushFound = false;
        foreach (var channel in channels)
        {
            foreach (var target in AddressesOn(channel, recipient, person))
            {
                pushFound |= channel.Family() == ChannelFamily.Push;
                yield return target with { Refusal = Refusal(person, channel, category, target.Address, known) };
            }
        }
        if (pushAsked && !pushFound) yield return Nowhere(ChannelFamily.Push.Name(), person);
    }

    /// Null: go ahead.
    public static string? Refusal(Person? person, Channel channel, CategoryRule category, string? address, KnownRecipients known)
    {
        if (person is { Blocked: true }) return Blocked;
        if (address is null) return NoAddress;
        if (known.Suppressed.Contains((channel.Name(), address)) || known.Suppressed.Contains((channel.Family().Name(), address)))
            return SuppressedAddress;
        if (person is null || category.Class == MessageClass.Critical) return null;
        if (!Wants(person, channel, "")) return OptedOut;
        return category.Key.Length == 0 || Wants(person, channel, category.Key) ? null : CategoryOptedOut;
    }

    /// A word about the very channel outweighs one about its family.
    private static bool Wants(Person person, Channel channel, string category)
    {
        bool? family = null;
        foreach (var wish in person.Wishes)
        {
            if (wish.Category != category) continue;
            if (wish.Channel == channel.Name()) return wish.OptIn;
            if (wish.Channel == channel.Family().Name()) family = wish.OptIn;
        }
        return family ?? true;
    }

    private static IEnumerable<Target> AddressesOn(Channel channel, RecipientReference recipient, Person? person) => channel switch
    {
        Channel.Sms => [At(channel, recipient.UserId is null ? recipient.Phone : person?.Phone, recipient, person)],
        Channel.Email => [At(channel, recipient.UserId is null ? recipient.Email : person?.Email, recipient, person)],
        Channel.IosPush or Channel.AndroidPush or Channel.WebPush => person is null ? [] :
            from device in person.Devices
            where ChannelNames.OfPlatform(device.Platform) == channel
            select new Target(channel.Name(), device.Token, device.Id, device.PushProvider, device.AppId,
                recipient.Locale ?? device.Locale ?? person.Locale, null),
    };

    private static Target At(Channel channel, string? address, RecipientReference recipient, Person? person) =>
        new(channel.Name(), address, null, null, null, recipient.Locale ?? person?.Locale, null);

    private static Target Nowhere(string channel, Person? person) =>
        new(channel, null, null, null, null, person?.Locale, person is { Blocked: true } ? Blocked : NoAddress);
}
