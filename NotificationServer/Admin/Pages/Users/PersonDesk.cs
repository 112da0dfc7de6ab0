using Dapper;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Admin.Pages.Users;

/// Who somebody is, and whether anything of theirs can be reached: what every page of a person begins with.
internal sealed record PersonHead
{
    public required RecipientId Key { get; init; }
    /// Null: blocked or written to, but not (any more) one of our users.
    public StoredUser? User { get; init; }
    public Block? Block { get; init; }
    public required Reach Reach { get; init; }

    public string Id => Key.Value;

    public string Sentence
    {
        get
        {
            if (Block is { } block)
            {
                return $"Nothing is sent to this person{(block.Until is { } until ? $" until {Words.Exact(until)}" : "")}: "
                    + $"blocked by {Authors.Name(block.CreatedBy)} because of “{block.Reason}”.";
            }
            if (User is null) return "This person is not known here any more, but messages to them are.";
            var ways = new List<string>();
            if (User.Email is not null && !Reach.MailHeld && !IsOff("email")) ways.Add("e-mail");
            if (User.Phone is not null && !Reach.PhoneHeld && !IsOff("sms")) ways.Add("SMS");
            if (Reach.Devices > 0 && !IsOff("push")) ways.Add($"{Words.Number(Reach.Devices)} {Words.Plural(Reach.Devices, "device", "devices")}");
            var held = (Reach.MailHeld, Reach.PhoneHeld) switch
            {
                (true, true) => " The e-mail address and the number are suppressed.",
                (true, false) => " The e-mail address is suppressed.",
                (false, true) => " The number is suppressed.",
                (false, false) => "",
            };
            var off = Reach.SwitchedOff.Length == 0 ? "" : $" Switched off by them: {string.Join(", ", Reach.SwitchedOff.Select(Words.Channel))}.";
            return (ways.Count == 0 ? "There is no way to reach this person." : $"Can be reached by {Join(ways)}.") + held + off;
        }
    }

    private bool IsOff(string family) => Reach.SwitchedOff.Contains(family);

    private static string Join(List<string> ways) => ways.Count < 2 ? string.Concat(ways) : $"{string.Join(", ", ways[..^1])} and {ways[^1]}";
}

internal sealed record Reach
{
    public int Devices { get; init; }
    public bool MailHeld { get; init; }
    public bool PhoneHeld { get; init; }
    public bool HasMessages { get; init; }
    /// Families and channels that the person said no to as a whole; what is critical goes there all the same.
    public string[] SwitchedOff { get; init; } = [];
}

internal sealed class PersonDesk(NpgsqlDataSource db, UserStore users, BlockStore blocks)
{
    /// Null: nothing at all is known of anybody of this id.
    public async Task<PersonHead?> FindAsync(string? id, CancellationToken ct)
    {
        if (!RecipientId.TryParse(id, null, out var key)) return null;
        var user = await users.FindAsync(key, ct);
        var block = await blocks.FindAsync(key, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        var reach = await connection.QuerySingleAsync<Reach>(new CommandDefinition(Sql.Reach, new { user = key.Value }, cancellationToken: ct));
        return user is null && block is null && !reach.HasMessages ? null : new PersonHead { Key = key, User = user, Block = block, Reach = reach };
    }

    public async Task<IReadOnlyList<PersonMessage>> MessagesAsync(RecipientId user, Guid? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<PersonMessage>(new CommandDefinition(Sql.Messages, new { user = user.Value, before, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<Stakes> StakesAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Stakes>(new CommandDefinition(Sql.Stakes, new { user = user.Value, limit = Stakes.CountTo + 1 }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Reach = """
            select
                (select count(*) from devices where user_id = @user and retired_at is null)::integer as devices,
                exists (select from users u join suppressions s on s.address = u.email and s.channel = 'email' and s.category = ''
                    and (s.expires_at is null or s.expires_at > now()) where u.id = @user) as mail_held,
                exists (select from users u join suppressions s on s.address = u.phone and s.channel = 'sms' and s.category = ''
                    and (s.expires_at is null or s.expires_at > now()) where u.id = @user) as phone_held,
                exists (select from messages where user_id = @user) as has_messages,
                array(select channel from preferences where user_id = @user and category = '' and not opt_in order by channel) as switched_off
            """;

        // Never prepared by name: the planner sees that there is no cursor and walks the newest days first.
        public const string Messages = """
            select m.id, m.channel, m.delivery_status as status, m.reason, m.created_at, n.template, n.category, k.id as campaign_id, k.name as campaign
            from message_states m
            left join notifications n on n.id = m.notification_id
            left join campaign_runs r on r.id = m.campaign_run_id
            left join campaigns k on k.id = r.campaign_id
            where m.user_id = @user and (@before::uuid is null or m.id < @before)
            order by m.id desc
            limit @limit
            """;

        public const string Stakes = """
            select
                (select count(*) from devices where user_id = @user)::integer as devices,
                (select count(*) from preferences where user_id = @user)::integer as preferences,
                (select count(*) from (select from consents where user_id = @user limit @limit) c) as consents,
                (select count(*) from (select from messages where user_id = @user limit @limit) m) as messages,
                (select count(*) from (select from message_states where user_id = @user and delivery_status in ('queued', 'scheduled') limit @limit) m) as waiting,
                (select count(*) from users where id = @user and email is not null) + (select count(*) from users where id = @user and phone is not null) as addresses
            """;
    }
}

internal sealed record PersonMessage
{
    public required Guid Id { get; init; }
    public required string Channel { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? Template { get; init; }
    public string? Category { get; init; }
    public Guid? CampaignId { get; init; }
    public string? Campaign { get; init; }
}

/// What an erasure would take away.
internal sealed record Stakes
{
    public const int CountTo = 10_000;

    public int Devices { get; init; }
    public int Preferences { get; init; }
    public long Consents { get; init; }
    public long Messages { get; init; }
    public long Waiting { get; init; }
    public long Addresses { get; init; }
}
