using Dapper;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Recipients.Links;
using Npgsql;

namespace NotificationServer.Recipients.Consents;

/// Writes down what people say. A user's word is a preference, whose history the database itself keeps; the word of an address that
/// belongs to nobody we know is a suppression, with its history under the hash of the address.
internal sealed class ConsentStore(NpgsqlDataSource db, AddressHash hashes)
{
    /// All or nothing, and stored when it returns. Said again, nothing changes. False: there is no such user (any more).
    public async Task<bool> SayAsync(PersonalLink of, IReadOnlyCollection<Word> words, Said how, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var known = of.UserId is { } user
            ? await SayOfUserAsync(connection, user, words, how, ct)
            : await SayOfAddressAsync(connection, of, words, how, ct);
        if (known && how.Audit is { } entry) await AuditLog.AppendAsync(connection, entry, ct);
        await transaction.CommitAsync(ct);
        return known;
    }

    private async Task<bool> SayOfUserAsync(NpgsqlConnection connection, string user, IReadOnlyCollection<Word> words, Said how, CancellationToken ct)
    {
        var found = await connection.QueryAsync<Reached>(new CommandDefinition(Sql.Lock, new { user }, cancellationToken: ct));
        if (found.SingleOrDefault() is not { } reached) return false;
        string[] addresses = [.. new[] { reached.Email, reached.Phone }.OfType<string>().SelectMany(address => new[] { address, hashes.Of(address) })];
        await connection.ExecuteAsync(new CommandDefinition(Sql.Tell, Context(how), cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Put, Columns(words, how, new { user, addresses }), cancellationToken: ct));
        return true;
    }

    private async Task<bool> SayOfAddressAsync(NpgsqlConnection connection, PersonalLink of, IReadOnlyCollection<Word> words, Said how, CancellationToken ct)
    {
        if (of.Address is not { } address) return false;
        var its = words.Where(word => word.Channel == of.Channel).ToList();
        await connection.ExecuteAsync(new CommandDefinition(Sql.PutForAddress,
            Columns(its, how, new { address, hash = hashes.Of(address), how.Actor, how.TextVersion, ip = how.Ip?.ToString() }), cancellationToken: ct));
        return true;
    }

    private sealed record Reached(string? Email, string? Phone);

    private static object Context(Said how) => new { actor = how.Actor ?? "", text = how.TextVersion ?? "", ip = how.Ip?.ToString() ?? "" };

    private static DynamicParameters Columns(IReadOnlyCollection<Word> words, Said how, object rest)
    {
        var parameters = new DynamicParameters(rest);
        parameters.Add("source", how.Source);
        parameters.Add("occurredAt", how.OccurredAt);
        parameters.Add("channels", words.Select(word => word.Channel).ToArray());
        parameters.Add("categories", words.Select(word => word.Category).ToArray());
        parameters.Add("optIns", words.Select(word => word.OptIn).ToArray());
        // A word about all of push outweighs what was said before of one kind of it.
        parameters.Add("narrower", ChannelNames.Expand("push").Select(channel => channel.Name()).ToArray());
        return parameters;
    }

    internal static class Sql
    {
        public const string Lock = "select email, phone from users where id = @user for no key update";

        public const string Tell = """
            select set_config('consent.actor', @actor, true), set_config('consent.text_version', @text, true), set_config('consent.ip', @ip, true)
            """;

        // A yes takes back what was said by the same address before it was known whose it is, and lets marketing reach somebody again who
        // was forgotten and came back.
        public const string Put = """
            with word as (
                select channel, category, opt_in
                from unnest(@channels::text[], @categories::text[], @optIns::boolean[]) w (channel, category, opt_in)
            ), narrower as (
                update preferences p
                set opt_in = w.opt_in, source = @source, occurred_at = coalesce(@occurredAt::timestamptz, now())
                from word w
                where w.channel = 'push' and p.user_id = @user and p.category = w.category and p.channel = any(@narrower::text[])
                    and p.opt_in <> w.opt_in
            ), released as (
                delete from suppressions s
                using word w
                where w.opt_in and s.address = any(@addresses::text[]) and s.channel = w.channel
                    and ((s.reason = 'unsubscribed' and s.category = w.category) or (s.reason = 'erased' and s.category = 'class:marketing'))
            )
            insert into preferences (user_id, channel, category, opt_in, source, occurred_at)
            select @user, channel, category, opt_in, @source, coalesce(@occurredAt::timestamptz, now())
            from word
            on conflict (user_id, channel, category) do update set
                opt_in = excluded.opt_in, source = excluded.source, occurred_at = excluded.occurred_at
            where preferences.occurred_at <= excluded.occurred_at or @occurredAt::timestamptz is null
            """;

        // Only what the person said themselves is taken back by a yes: a bounce or a complaint is not theirs to withdraw here.
        public const string PutForAddress = """
            with word as (
                select channel, category, opt_in
                from unnest(@channels::text[], @categories::text[], @optIns::boolean[]) w (channel, category, opt_in)
            ), yes as (
                delete from suppressions s
                using word w
                where w.opt_in and s.address = @address and s.channel = w.channel and s.category = w.category and s.reason = 'unsubscribed'
                returning s.channel, s.category, true as opt_in
            ), no as (
                insert into suppressions (channel, address, category, reason)
                select channel, @address, category, 'unsubscribed'
                from word
                where not opt_in
                on conflict (address, channel, category) do nothing
                returning channel, category, false as opt_in
            )
            insert into consents (address_hash, channel, category, opt_in, source, actor, text_version, ip, occurred_at)
            select @hash, channel, category, opt_in, @source, @Actor, @TextVersion, @ip::inet, coalesce(@occurredAt::timestamptz, now())
            from (select * from yes union all select * from no) as changed
            """;
    }
}
