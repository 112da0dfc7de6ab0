using Dapper;
using NotificationServer.Channels;
using NotificationServer.Recipients.Consents;
using Npgsql;

namespace NotificationServer.Recipients;

/// Reads what a decision needs, for one recipient or for thousands, in one round trip. Never from a cache: an opt-out that
/// was stored a moment ago counts.
internal sealed class RecipientReader(NpgsqlDataSource db, AddressHash hashes)
{
    /// For intake: the people, the suppressions of every address that they or the request name, and the devices of those who are to get
    /// a push, as far as it could reach them.
    public Task<KnownRecipients> ReadAsync(
        IReadOnlyCollection<string> userIds, IReadOnlyCollection<string> addresses, IReadOnlyCollection<(string User, Channel Channel)> pushes, CancellationToken ct) =>
        ReadAsync(pushes.Count == 0 ? Sql.ForIntake : Sql.ForIntakePush, userIds, addresses, pushes, [], ct);

    /// For the moment before a send: the addresses are known by now, so devices are only read of those whom a push is for, to see
    /// that a token is still theirs; and addresses that we were asked to forget are recognised by their hashes. Spoken: whose profiles the
    /// words need, read along with the rest; most words need none.
    public async Task<KnownRecipients> ReadForSendingAsync(
        IReadOnlyCollection<string> userIds, IReadOnlyCollection<string> addresses, IReadOnlyCollection<(string User, Channel Channel)> pushes,
        IReadOnlyCollection<string> spoken, CancellationToken ct)
    {
        var hashed = new Dictionary<string, string>(addresses.Count, StringComparer.Ordinal);
        foreach (var address in addresses) hashed.TryAdd(hashes.Of(address), address);
        var sql = (pushes.Count, spoken.Count) switch
        {
            (0, 0) => Sql.ForSending,
            (_, 0) => Sql.ForSendingPush,
            (0, _) => Sql.ForSendingPersonal,
            _ => Sql.ForSendingPersonalPush,
        };
        var known = await ReadAsync(sql, userIds, [.. addresses, .. hashed.Keys], pushes, spoken, ct);
        return known.Suppressed.Count == 0 ? known : known with
        {
            Suppressed = known.Suppressed.Select(one => (one.Channel, hashed.GetValueOrDefault(one.Address, one.Address))).ToHashSet(),
        };
    }

    /// What templates may know of these people, for looking at words that are not being sent.
    public async Task<IReadOnlyDictionary<string, Profile>> ReadProfilesAsync(IReadOnlyCollection<string> userIds, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Profile>(new CommandDefinition(Sql.Profiles, new { spoken = userIds.ToArray() }, cancellationToken: ct));
        return rows.ToDictionary(profile => profile.Id, StringComparer.Ordinal);
    }

    private async Task<KnownRecipients> ReadAsync(
        string sql, IReadOnlyCollection<string> userIds, IReadOnlyCollection<string> addresses, IReadOnlyCollection<(string User, Channel Channel)> pushes,
        IReadOnlyCollection<string> spoken, CancellationToken ct)
    {
        var (owners, platforms) = (new List<string>(pushes.Count), new List<string>(pushes.Count));
        foreach (var (user, channel) in pushes)
        {
            foreach (var platform in ChannelNames.PlatformsOf(channel))
            {
                owners.Add(user);
                platforms.Add(platform);
            }
        }
        await using var connection = await db.OpenConnectionAsync(ct);
        // What a statement does not name is not sent along.
        var parameters = new { users = userIds.ToArray(), addresses = addresses.ToArray(), owners, platforms, spoken = spoken.ToArray() };
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));

        var now = await rows.ReadSingleAsync<DateTimeOffset>();
        var people = (await rows.ReadAsync<Person>()).ToDictionary(person => person.Id, StringComparer.Ordinal);
        // Each statement sees what was stored before it began: who came since is not among the people.
        foreach (var row in await rows.ReadAsync<PreferenceRow>())
            people.GetValueOrDefault(row.UserId)?.Wishes.Add(new Wish(row.Channel, row.Category, row.OptIn, row.ConsentId));
        var suppressed = (await rows.ReadAsync<(string, string)>()).ToHashSet();
        if (pushes.Count > 0)
        {
            foreach (var row in await rows.ReadAsync<DeviceRow>()) Add(row, people, suppressed);
        }
        if (spoken.Count == 0) return new KnownRecipients(now, people, suppressed);
        return new KnownRecipients(now, people, suppressed)
        {
            Profiles = (await rows.ReadAsync<Profile>()).ToDictionary(profile => profile.Id, StringComparer.Ordinal),
        };
    }

    /// A device has a row for each thing that its token must not be sent, one behind the other; and one if there is none.
    private static void Add(DeviceRow row, Dictionary<string, Person> people, HashSet<(string Channel, string Address)> suppressed)
    {
        if (row.SuppressedFor is { } scope) suppressed.Add((scope, row.Token));
        if (people.GetValueOrDefault(row.UserId)?.Devices is not { } devices || (devices.Count > 0 && devices[^1].Id == row.Id)) return;
        devices.Add(new ReachableDevice(row.Id, row.Platform, row.PushProvider, row.Token, row.AppId, row.Locale, row.TimeZone));
    }

    private sealed record PreferenceRow(string UserId, string Channel, string Category, bool OptIn, Guid? ConsentId);

    private sealed record DeviceRow
    {
        public required string UserId { get; init; }
        public required string Id { get; init; }
        public required string Platform { get; init; }
        public required string PushProvider { get; init; }
        public required string Token { get; init; }
        public string? AppId { get; init; }
        public string? Locale { get; init; }
        public string? TimeZone { get; init; }
        public string? SuppressedFor { get; init; }
    }

    internal static class Sql
    {
        // A person may be blocked before anything else is known of them, hence the ids as the left side.
        private const string People = """
            select now();

            select asked.id, u.email, u.phone, u.locale, u.time_zone, u.country, b.user_id is not null as blocked, u.id is not null as is_known,
                (extract(epoch from u.quiet_from) / 60)::integer as quiet_from, (extract(epoch from u.quiet_to) / 60)::integer as quiet_to,
                case when u.quiet_from is not null then coalesce(u.quiet_zone, u.time_zone, (
                    select d.time_zone from devices d where d.user_id = u.id and d.time_zone is not null order by d.updated_at desc limit 1)) end as quiet_zone
            from unnest(@users::text[]) as asked(id)
            left join users u on u.id = asked.id
            left join blocks b on b.user_id = asked.id and (b.until is null or b.until > now())
            where u.id is not null or b.user_id is not null;

            select user_id, channel, category, opt_in, consent_id
            from preferences
            where user_id = any(@users::text[]);
            """;

        public const string ForSending = People + """


            select channel || case when category = '' then '' else '/' || category end, address
            from suppressions
            where address = any(@addresses::text[]) and (expires_at is null or expires_at > now())
            """;

        // Only what a push could go to: who has five devices and is sent to one of them has one row here.
        private const string Devices = """
            select d.user_id, d.id, d.platform, d.push_provider, d.token, d.app_id, d.locale, d.time_zone
            from unnest(@owners::text[], @platforms::text[]) as asked(user_id, platform)
            join devices d on d.user_id = asked.user_id and d.platform = asked.platform and d.retired_at is null
            order by d.user_id, d.created_at, d.id
            """;

        public const string ForSendingPush = ForSending + ";\n" + Devices;

        public const string Profiles = """
            select id, locale, time_zone, country, attributes::text as attributes
            from users
            where id = any(@spoken::text[])
            """;

        public const string ForSendingPersonal = ForSending + ";\n" + Profiles;

        public const string ForSendingPersonalPush = ForSendingPush + ";\n" + Profiles;

        public const string ForIntake = People + """


            with address as (
                select unnest(@addresses::text[]) as address
                union all
                select a.address
                from users u
                cross join lateral (values (u.email), (u.phone)) as a(address)
                where u.id = any(@users::text[]) and a.address is not null
            )
            select s.channel || case when s.category = '' then '' else '/' || s.category end, s.address
            from suppressions s
            where s.address in (select address from address) and (s.expires_at is null or s.expires_at > now())
            """;

        // The devices and what their tokens must not be sent, in one look at them: of a campaign's people they are the most rows.
        public const string ForIntakePush = ForIntake + ";\n" + """
            select d.user_id, d.id, d.platform, d.push_provider, d.token, d.app_id, d.locale, d.time_zone,
                s.channel || case when s.category = '' then '' else '/' || s.category end as suppressed_for
            from unnest(@owners::text[], @platforms::text[]) as asked(user_id, platform)
            join devices d on d.user_id = asked.user_id and d.platform = asked.platform and d.retired_at is null
            left join suppressions s on s.address = d.token and (s.expires_at is null or s.expires_at > now())
            order by d.user_id, d.created_at, d.id
            """;
    }
}
