using NotificationServer.Channels;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Recipients;

/// The rules that can keep a message from going. Where several do, the lowest is the one that is told.
[Flags]
internal enum Refusals
{
    None = 0,
    Blocked = 1,
    NoAddress = 2,
    SuppressedAddress = 4,
    OptedOut = 8,
    CategoryOptedOut = 16,
    NoProvider = 32,
    QuietHoursExpired = 64,
}

/// One address that a message would go to, with every rule that keeps it from going.
internal readonly record struct Target(
    string Channel, string? Address, string? DeviceId, string? PushProvider, string? AppId, string? Locale, Refusals Refusals)
{
    /// Where the words tell a time, they tell it there.
    public string? TimeZone { get; init; }

    /// The yes that allows it, where somebody was asked.
    public Guid? ConsentId { get; init; }

    /// The person's quiet hours hold it until then.
    public DateTimeOffset? NotBefore { get; init; }
}

/// May we reach this person, and where? The same rules at intake and again just before a send.
internal static class ReachRules
{
    private static readonly Refusals[] InOrder = [.. Enum.GetValues<Refusals>().Where(refusal => refusal != Refusals.None).Order()];

    /// Null: go ahead.
    public static string? First(this Refusals refusals) => refusals == Refusals.None ? null : NameOf(InOrder.First(one => refusals.HasFlag(one)));

    public static IReadOnlyList<string> All(this Refusals refusals) => [.. InOrder.Where(one => refusals.HasFlag(one)).Select(NameOf)];

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
                var refusals = Refuses(person, channel, category, target.Address, known);
                yield return target with
                {
                    Refusals = refusals,
                    ConsentId = refusals == Refusals.None ? AllowedBy.Of(person, channel, category) : null,
                };
            }
        }
        if (pushAsked && !pushFound) yield return Nowhere(ChannelFamily.Push.Name(), person);
    }

    /// Null: go ahead.
    public static string? Refusal(Person? person, Channel channel, CategoryRule category, string? address, KnownRecipients known) =>
        Refuses(person, channel, category, address, known).First();

    /// Every rule that stands against it.
    public static Refusals Refuses(Person? person, Channel channel, CategoryRule category, string? address, KnownRecipients known)
    {
        var refusals = person is { Blocked: true } ? Refusals.Blocked : Refusals.None;
        if (address is null) refusals |= Refusals.NoAddress;
        else if (known.Suppressed.Count > 0) refusals |= SuppressionScope.Refusing(channel, category, address, known.Suppressed);
        if (category.Class == MessageClass.Critical) return refusals;
        if (person is not null && !Wants(person, channel, "", byDefault: true)) refusals |= Refusals.OptedOut;
        // Of a bare address nothing is on record: where a yes is needed, that is a no.
        if (category.Key.Length > 0 && !(person is null ? category.DefaultOptIn : Wants(person, channel, category.Key, category.DefaultOptIn)))
            refusals |= Refusals.CategoryOptedOut;
        return refusals;
    }

    private static string NameOf(Refusals refusal) => refusal switch
    {
        Refusals.Blocked => "blocked",
        Refusals.NoAddress => "no_address",
        Refusals.SuppressedAddress => "suppressed_address",
        Refusals.OptedOut => "opted_out",
        Refusals.CategoryOptedOut => "category_opted_out",
        Refusals.NoProvider => "no_provider",
        Refusals.QuietHoursExpired => QuietRules.Reason,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "not one rule"),
    };

    /// A word about the very channel outweighs one about its family.
    private static bool Wants(Person person, Channel channel, string category, bool byDefault)
    {
        bool? family = null;
        foreach (var wish in person.Wishes)
        {
            if (wish.Category != category) continue;
            if (wish.Channel == channel.Name()) return wish.OptIn;
            if (wish.Channel == channel.Family().Name()) family = wish.OptIn;
        }
        return family ?? byDefault;
    }

    private static IEnumerable<Target> AddressesOn(Channel channel, RecipientReference recipient, Person? person) => channel switch
    {
        Channel.Sms => [At(channel, recipient.UserId is null ? recipient.Phone : person?.Phone, recipient, person)],
        Channel.Email => [At(channel, recipient.UserId is null ? recipient.Email : person?.Email, recipient, person)],
        Channel.IosPush or Channel.AndroidPush or Channel.WebPush => person is null ? [] :
            from device in person.Devices
            where ChannelNames.OfPlatform(device.Platform) == channel
            select new Target(channel.Name(), device.Token, device.Id, device.PushProvider, device.AppId,
                recipient.Locale ?? device.Locale ?? person.Locale, Refusals.None) { TimeZone = recipient.TimeZone ?? device.TimeZone ?? person.TimeZone },
    };

    private static Target At(Channel channel, string? address, RecipientReference recipient, Person? person) =>
        new(channel.Name(), address, null, null, null, recipient.Locale ?? person?.Locale, Refusals.None) { TimeZone = recipient.TimeZone ?? person?.TimeZone };

    private static Target Nowhere(string channel, Person? person) =>
        new(channel, null, null, null, null, person?.Locale, person is { Blocked: true } ? Refusals.Blocked | Refusals.NoAddress : Refusals.NoAddress);
}
