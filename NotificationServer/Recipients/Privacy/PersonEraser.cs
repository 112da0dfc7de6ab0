using Dapper;
using NotificationServer.Platform;
using NotificationServer.Recipients.Consents;
using Npgsql;

namespace NotificationServer.Recipients.Privacy;

/// Forgets a person for good, in one transaction. What stays: the figures, and the keyed hashes of their addresses, so that a list from
/// elsewhere that still has them does not bring marketing back (or anything at all, where they were blocked or suppressed).
internal sealed class PersonEraser(NpgsqlDataSource db, AddressHash hashes)
{
    /// InFlight: messages that were being sent at this moment; whoever asks again has them emptied too.
    internal sealed record Erased(int Messages, int InFlight);

    /// Null: nothing is known of this person.
    public async Task<Erased?> EraseAsync(RecipientId user, string by, string reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var known = await connection.QuerySingleAsync<Known>(new CommandDefinition(Sql.Find, new { user = user.Value }, cancellationToken: ct));
        if (!known.Any) return null;

        var addresses = known.Addresses();
        await connection.ExecuteAsync(new CommandDefinition(Sql.KeepHashes, new
        {
            channels = addresses.Select(one => one.Channel).ToArray(),
            addresses = addresses.Select(one => one.Address).ToArray(),
            hashes = addresses.Select(one => hashes.Of(one.Address)).ToArray(),
            known.IsBlocked,
            by,
        }, cancellationToken: ct));
        var erased = await connection.QuerySingleAsync<Erased>(new CommandDefinition(Sql.EraseMessages, new { user = user.Value }, cancellationToken: ct));
        // The name of the person is taken out of the audit log too; who did what to whom is then told by the same pseudonym everywhere.
        var pseudonym = hashes.Of($"user:{user.Value}");
        await connection.ExecuteAsync(new CommandDefinition(Sql.Erase, new { user = user.Value, pseudonym }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.erase", $"user:{pseudonym}")
        {
            After = new() { ["messages"] = erased.Messages, ["in_flight"] = erased.InFlight }, Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return erased;
    }

    private sealed class Known
    {
        public bool Any { get; init; }
        public bool IsBlocked { get; init; }
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string[] Tokens { get; init; } = [];

        public List<(string Channel, string Address)> Addresses() =>
        [
            .. Email is null ? [] : ((string, string)[])[("email", Email)],
            .. Phone is null ? [] : ((string, string)[])[("sms", Phone)],
            .. Tokens.Select(token => ("push", token)),
        ];
    }

    internal static class Sql
    {
        public const string Find = """
            select
                u.id is not null or b.user_id is not null
                    or exists (select from consents where user_id = @user) or exists (select from messages where user_id = @user) as any,
                coalesce(b.until is null or b.until > now(), false) and b.user_id is not null as is_blocked,
                u.email, u.phone,
                array(select token from devices where user_id = @user) as tokens
            from (select @user::text as id) asked
            left join lateral (select * from users where users.id = asked.id for update) u on true
            left join blocks b on b.user_id = asked.id
            """;

        // Mail and texts are kept from marketing at least; a device token is worth keeping only where something stronger held it.
        public const string KeepHashes = """
            with address as (
                select * from unnest(@channels::text[], @addresses::text[], @hashes::text[]) a (channel, address, hash)
            ), held as (
                delete from suppressions s
                using address a
                where s.address = a.address
                returning a.hash, s.channel, s.category, s.reason, s.expires_at
            )
            insert into suppressions (channel, address, category, reason, created_by, expires_at)
            select distinct on (channel, address, category) channel, address, category, reason, @by, expires_at
            from (
                select 1 as rank, channel, hash as address, category, reason, expires_at from held
                union all
                select 2, channel, hash, '', 'erased', null from address where @IsBlocked
                union all
                select 3, channel, hash, 'class:marketing', 'erased', null from address where channel in ('email', 'sms')
            ) as kept (rank, channel, address, category, reason, expires_at)
            order by channel, address, category, rank
            on conflict (address, channel, category) do nothing
            """;

        public const string EraseMessages = "select emptied as messages, in_flight from erase_messages(@user)";

        public const string Erase = """
            select set_config('consent.erasing', @user, true);

            delete from consents where user_id = @user;

            select erase_webhooks(@user);

            select erase_campaign_recipients(@user);

            delete from blocks where user_id = @user;

            delete from segment_members where user_id = @user;

            -- Its index begins with the change: change by change, of which there are few in a day, and not through all their people.
            with recursive kept as (
                (select change from segment_changes order by change limit 1)
                union all
                select (select c.change from segment_changes c where c.change > k.change order by c.change limit 1)
                from kept k
                where k.change is not null
            )
            delete from segment_changes c using kept k where c.change = k.change and c.user_id = @user;

            delete from last_engaged where user_id = @user;

            delete from users where id = @user;

            select forget_person_in_audit(@user, @pseudonym);
            """;
    }
}
