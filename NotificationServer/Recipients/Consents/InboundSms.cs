using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Recipients.Consents;

/// An answer that came by SMS.
internal sealed record SmsAnswer
{
    public required string Provider { get; init; }
    /// The provider's id of the text: a text that is delivered twice counts once.
    public required string Id { get; init; }
    /// E.164, who wrote.
    public required string From { get; init; }
    public required string Text { get; init; }
    /// What the provider itself made of it (Twilio's OptOutType); it knows its own words.
    public SmsIntent? Told { get; init; }

    public SmsIntent Intent => Told ?? SmsWord.Read(Text);
}

/// Does what people write back, in one transaction: the number is suppressed or released, and everybody we know by that number has it in
/// their history.
internal sealed class InboundSms(NpgsqlDataSource db, AddressHash hashes)
{
    /// Of a text that a person has to read.
    private const int LongestKept = 500;

    /// Stored when it returns. IsNew: not a repeat of a text that was dealt with. Locale: of whoever has the number, if one person has it.
    internal sealed record Done(SmsIntent Intent, bool IsNew, string? Locale);

    public async Task<Done> TakeAsync(SmsAnswer answer, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var intent = answer.Intent;
        var isNew = await connection.ExecuteAsync(new CommandDefinition(Sql.Note, new
        {
            answer.Provider,
            answer.Id,
            intent = intent.Name(),
            text = intent == SmsIntent.Review ? answer.Text.Storable(LongestKept) : null,
        }, cancellationToken: ct)) == 1;
        if (isNew && intent is SmsIntent.OptOut or SmsIntent.Review) await SayAsync(connection, answer, Sql.Stop, optIn: false, ct);
        if (isNew && intent is SmsIntent.OptIn)
        {
            await SayAsync(connection, answer, Sql.Start, optIn: true, ct);
            await connection.ExecuteAsync(new CommandDefinition(Sql.WantAgain, new { answer.From, by = answer.Provider }, cancellationToken: ct));
        }
        var locale = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.Locale, new { answer.From }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return new Done(intent, isNew, locale);
    }

    private async Task SayAsync(NpgsqlConnection connection, SmsAnswer answer, string sql, bool optIn, CancellationToken ct)
    {
        var changed = await connection.ExecuteAsync(new CommandDefinition(sql, new { answer.From, by = answer.Provider }, cancellationToken: ct));
        if (changed == 0) return;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Remember, new
        {
            answer.From,
            hash = hashes.Of(answer.From),
            optIn,
            source = optIn ? "sms_start" : "sms_stop",
            actor = answer.Provider,
        }, cancellationToken: ct));
    }

    internal static class Sql
    {
        // What is old enough that no provider repeats it goes with the next text; what waits for a person stays longer.
        public const string Note = """
            with old as (
                delete from inbound_sms
                where received_at < now() - case when intent = 'review' then interval '180 days' else interval '35 days' end
            )
            insert into inbound_sms (provider, id, intent, text)
            values (@Provider, @Id, @intent, @text)
            on conflict do nothing
            """;

        // A number that bounced, or that a person suppressed, keeps the stronger reason: START must not bring it back.
        public const string Stop = """
            insert into suppressions (channel, address, reason, created_by)
            values ('sms', @From, 'stop', @by)
            on conflict (address, channel, category) do update set reason = 'stop', created_by = @by, expires_at = null, created_at = now()
            where suppressions.reason = 'unsubscribed' or suppressions.expires_at <= now()
            """;

        // Everything that the person said no to by this number, whichever way.
        public const string Start = """
            delete from suppressions
            where channel = 'sms' and address = @From and reason in ('stop', 'unsubscribed')
            """;

        // A no to all texts that was said elsewhere; a no to one category stays. The history follows by itself.
        public const string WantAgain = """
            with actor as materialized (select set_config('consent.actor', @by, true))
            update preferences
            set opt_in = true, source = 'sms_start', occurred_at = now()
            from actor
            where user_id in (select id from users where phone = @From) and channel = 'sms' and category = '' and not opt_in
            """;

        // Each person we know by this number, in the order in which two such texts would also wait for each other; nobody: the number.
        public const string Remember = """
            with person as (
                select id from users where phone = @From order by id
            )
            insert into consents (user_id, address_hash, channel, category, opt_in, source, actor, occurred_at)
            select id, null, 'sms', '', @optIn::boolean, @source, @actor, now() from person
            union all
            select null, @hash, 'sms', '', @optIn::boolean, @source, @actor, now() where not exists (select from person)
            """;

        public const string Locale = "select min(locale) from users where phone = @From having count(*) = 1";
    }
}
