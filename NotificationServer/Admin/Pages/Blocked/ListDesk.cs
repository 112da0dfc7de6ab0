using Dapper;
using NotificationServer.Admin.Pages.Users;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using Npgsql;

namespace NotificationServer.Admin.Pages.Blocked;

/// Tells what a list of people or of addresses would do, before it is done.
internal sealed class ListDesk(NpgsqlDataSource db)
{
    /// People, by their ids, e-mail addresses or numbers.
    public async Task<ListPreview> PeopleAsync(PastedList list, CancellationToken ct)
    {
        var given = new Dictionary<string, ListLine>(StringComparer.Ordinal);
        foreach (var line in list.Lines.Where(line => !line.Text.Any(char.IsControl))) given.TryAdd(line.Text.StartsWith('+') ? Prefix.Phone(line.Text) : line.Text, line);
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = (await connection.QueryAsync<Found>(new CommandDefinition(Sql.People, new { lines = given.Keys.ToArray() }, cancellationToken: ct))).AsList();

        var (add, strangers, already) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var (nobody, wrong) = (new List<ListLine>(), list.Lines.Where(line => line.Text.Any(char.IsControl)).ToList());
        foreach (var one in found)
        {
            var line = given[one.Line];
            var isAddress = one.Line.StartsWith('+') || EmailAddress.TryParse(one.Line, out _, out _);
            if (one.UserId is null && !isAddress && !RecipientId.IsValid(one.Line)) wrong.Add(line);
            else if (one.Blocked) already.Add(one.UserId ?? one.Line);
            else if (one.UserId is { } known) add.Add(known);
            else if (isAddress) nobody.Add(line);
            else if (add.Add(one.Line)) strangers.Add(one.Line);
        }
        return new ListPreview
        {
            Add = [.. add], Strangers = strangers, Already = already.Count, Nobody = nobody, Wrong = [.. wrong.OrderBy(line => line.Number)], TooLong = list.TooLong,
        };
    }

    public async Task<ListPreview> AddressesAsync(PastedList list, string channel, CancellationToken ct)
    {
        var (add, wrong) = (new HashSet<string>(StringComparer.Ordinal), new List<ListLine>());
        foreach (var line in list.Lines)
        {
            if (SuppressedAddress.TryParse(channel, channel == "sms" ? Prefix.Phone(line.Text) : line.Text, out var address, out _)) add.Add(address);
            else wrong.Add(line);
        }
        await using var connection = await db.OpenConnectionAsync(ct);
        var already = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Suppressed, new { addresses = add.ToArray(), channel }, cancellationToken: ct))).AsList();
        add.ExceptWith(already);
        return new ListPreview { Add = [.. add.Order(StringComparer.Ordinal)], Already = already.Count, Wrong = wrong, TooLong = list.TooLong };
    }

    private sealed class Found
    {
        public required string Line { get; init; }
        public string? UserId { get; init; }
        public required bool Blocked { get; init; }
    }

    internal static class Sql
    {
        // Three lookups a line, each by its index.
        public const string People = """
            select g.line, m.id as user_id, b.user_id is not null as blocked
            from unnest(@lines::text[]) with ordinality as g(line, place)
            left join lateral (
                select id from users where id = g.line
                union select id from users where lower(email) = lower(g.line)
                union select id from users where phone = g.line
            ) m on true
            left join blocks b on b.user_id = coalesce(m.id, g.line) and (b.until is null or b.until > now())
            order by g.place
            """;

        public const string Suppressed = """
            select address
            from suppressions
            where address = any(@addresses::text[]) and channel = @channel and category = '' and (expires_at is null or expires_at > now())
            """;
    }
}
