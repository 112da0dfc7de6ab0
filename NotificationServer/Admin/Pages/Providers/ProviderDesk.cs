using Dapper;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Admin.Pages.Providers;

/// Puts together what is known of accounts: what people set up from memory, how they do from the database, as all nodes see it.
internal sealed class ProviderDesk(NpgsqlDataSource db, ProviderAccounts accounts, TimeProvider clock)
{
    /// So many of the newest attempts say how accounts do: bounded, whatever is being sent.
    private const int Sample = 10_000;

    private sealed record ErrorRow(string Account, string Text, DateTimeOffset At);

    private sealed record TodayRow(string Account, long Taken);

    public async Task<IReadOnlyList<AccountCard>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var read = await connection.QueryMultipleAsync(new CommandDefinition(Sql.Everything, new { sample = Sample }, cancellationToken: ct));
        var doors = (await read.ReadAsync<DoorRow>()).ToDictionary(row => row.Account, StringComparer.Ordinal);
        var pauses = (await read.ReadAsync<PauseRow>()).ToDictionary(row => row.Account, StringComparer.Ordinal);
        var today = (await read.ReadAsync<TodayRow>()).ToDictionary(row => row.Account, row => row.Taken, StringComparer.Ordinal);
        var lately = (await read.ReadAsync<LatelyRow>()).ToDictionary(row => row.Account, StringComparer.Ordinal);
        var errors = (await read.ReadAsync<ErrorRow>()).ToDictionary(row => row.Account, StringComparer.Ordinal);
        var now = clock.GetUtcNow();
        return [.. accounts.All.OrderBy(account => account.Order).ThenBy(account => account.Key, StringComparer.Ordinal).Select(account => new AccountCard(account, now)
        {
            Door = doors.GetValueOrDefault(account.Key),
            Pause = pauses.GetValueOrDefault(account.Key),
            Today = today.GetValueOrDefault(account.Key),
            Lately = lately.GetValueOrDefault(account.Key),
            LastError = ErrorOf(lately.GetValueOrDefault(account.Key), errors.GetValueOrDefault(account.Key)),
        })];
    }

    /// Who would carry what this account carries if it could not: by channel, those that may be called now first. As far as channels go.
    public static IReadOnlyList<(Channel Channel, IReadOnlyList<AccountCard> Others)> Instead(AccountCard card, IReadOnlyList<AccountCard> all) =>
        [.. card.Account.Channels.Select(channel => (channel, (IReadOnlyList<AccountCard>)
            [.. all.Where(other => other.Key != card.Key && other.Account.IsUsable && other.Account.Channels.Contains(channel)).OrderByDescending(other => other.Sends)]))];

    private static (string, DateTimeOffset)? ErrorOf(LatelyRow? lately, ErrorRow? older) =>
        lately is { LastError: { } error, LastErrorAt: { } at } ? (error, at) : older is null ? null : (older.Text, older.At);

    internal static class Sql
    {
        public const string Everything = """
            select account, not_before, reason, breaker, opened_at, open_until from provider_gates;

            select name as account, reason, until, changed_by, changed_at
            from queue_switches
            where kind = 'account' and (until is null or until > now());

            select account, taken from provider_rates where day = (now() at time zone 'utc')::date;

            select provider as account, count(*) as calls,
                count(*) filter (where outcome in ('not_sent', 'transient', 'misconfigured', 'unknown')) as failures,
                (count(*) filter (where finished_at > now() - interval '1 minute')
                    / least(60, greatest(1, extract(epoch from now() - min(min(finished_at)) over ()))))::double precision as per_second,
                max(finished_at) as last_at,
                (array_agg(coalesce(detail, error_code, outcome) order by finished_at desc) filter (where outcome <> 'accepted'))[1] as last_error,
                max(finished_at) filter (where outcome <> 'accepted') as last_error_at
            from (
                select provider, outcome, error_code, detail, finished_at
                from attempts
                where message_id >= uuid_from(now() - interval '15 minutes')
                order by message_id desc
                limit @sample
            ) as newest
            where provider is not null
            group by provider;

            select distinct on (provider) provider as account, coalesce(summary, error_code) as text, last_seen as at
            from failure_groups
            where provider is not null
            order by provider, last_seen desc
            """;
    }
}
