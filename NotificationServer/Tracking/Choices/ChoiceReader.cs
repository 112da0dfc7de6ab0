using System.Text.Json;
using Dapper;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;
using NotificationServer.Recipients.Privacy;
using Npgsql;

namespace NotificationServer.Tracking.Choices;

/// Reads what a link's holder gets at the moment, by the very rules that decide about each send.
internal sealed class ChoiceReader(NpgsqlDataSource db, RecipientReader recipients)
{
    private static readonly string[] Families = ["email", "sms", "push"];

    public async Task<PersonalChoices> ReadAsync(PersonalLink link, string language, CancellationToken ct)
    {
        var known = await recipients.ReadAsync(
            link.UserId is null ? [] : [link.UserId], link.Address is null ? [] : [link.Address],
            link.UserId is null ? [] : [.. ChannelNames.Expand("push").Select(channel => (link.UserId, channel))], ct);
        var person = link.UserId is null ? null : known.People.GetValueOrDefault(link.UserId);
        var addresses = Addresses(link, person);
        var (categories, held) = await ReadAsync(addresses, ct);

        var channels = Families.Where(family => addresses.Any(one => one.Channel == family)).ToList();
        return new PersonalChoices
        {
            IsKnown = link.Address is not null || (person is not null && channels.Count > 0),
            IsBlocked = person?.Blocked == true,
            Locale = person?.Locale ?? link.Locale,
            Addresses = [.. addresses.Where(one => one.Channel != "push").Select(one => Masked.Any(one.Address))],
            Channels = channels,
            Rows = [.. categories.Select(category => category.ToRow(language,
                from channel in channels
                where ChannelNames.Expand(channel).Any(category.ToRule().MayUse)
                select new Choice(category.Key, channel, Allows(person, AddressOn(channel, link, person), channel, category.ToRule(), known))))],
            Held = [.. held.Select(one => one with { Address = one.Channel == "push" ? "" : Masked.Any(one.Address) })],
            SwitchedOff = channels.Where(channel => person is not null && !Allows(person, null, channel, CategoryRule.None, known)).ToHashSet(),
        };
    }

    private static string? AddressOn(string family, PersonalLink link, Person? person) => link.Address ?? family switch
    {
        "email" => person?.Email,
        "sms" => person?.Phone,
        _ => null,
    };

    /// Asked of the rules as if nobody were blocked and no address dead: what is left is what the person said.
    private static bool Allows(Person? person, string? address, string family, CategoryRule category, KnownRecipients known) =>
        ChannelNames.Expand(family).Any(channel => (ReachRules.Refuses(person, channel, category, address ?? "", known) & (Refusals.OptedOut | Refusals.CategoryOptedOut)) == 0);

    private static List<(string Channel, string Address)> Addresses(PersonalLink link, Person? person) =>
    [
        .. link.Address is { } bare ? ((string, string)[])[(link.Channel, bare)] : [],
        .. person?.Email is { } email ? ((string, string)[])[("email", email)] : [],
        .. person?.Phone is { } phone ? ((string, string)[])[("sms", phone)] : [],
        .. person?.Devices.Select(device => ("push", device.Token)) ?? [],
    ];

    private async Task<(List<Row> Categories, List<HeldAddress> Held)> ReadAsync(List<(string Channel, string Address)> addresses, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(Sql.Page, new
        {
            channels = addresses.Select(one => one.Channel).ToArray(),
            addresses = addresses.Select(one => one.Address).ToArray(),
        }, cancellationToken: ct));
        return ((await rows.ReadAsync<Row>()).AsList(), (await rows.ReadAsync<HeldAddress>()).AsList());
    }

    private sealed class Row
    {
        public required string Key { get; init; }
        public required string Name { get; init; }
        public required string Class { get; init; }
        public required string Names { get; init; }
        public required bool DefaultOptIn { get; init; }
        public string[]? Channels { get; init; }

        public CategoryRule ToRule() => new(Key, Enum.Parse<MessageClass>(Class, ignoreCase: true), null)
        {
            DefaultOptIn = DefaultOptIn, Channels = Channels?.SelectMany(ChannelNames.Expand).ToHashSet(),
        };

        public ChoiceRow ToRow(string language, IEnumerable<Choice> choices) =>
            new(Key, NameIn(language), Class == "marketing", Class == "critical" ? [] : [.. choices]);

        private string NameIn(string language)
        {
            using var names = JsonDocument.Parse(Names);
            return names.RootElement.TryGetProperty(language, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() ?? Name : Name;
        }
    }

    internal static class Sql
    {
        // What people may want to change comes first; what is always sent, last.
        public const string Page = """
            select key, name, class, names::text as names, default_opt_in, channels
            from categories
            order by array_position(array['marketing', 'transactional', 'critical'], class), key;

            select distinct on (s.channel, s.address) a.channel, s.address, s.reason
            from unnest(@channels::text[], @addresses::text[]) a (channel, address)
            join suppressions s on s.address = a.address and s.category = '' and (s.expires_at is null or s.expires_at > now())
            where a.channel = s.channel or a.channel = 'push'
            order by s.channel, s.address
            """;
    }
}
