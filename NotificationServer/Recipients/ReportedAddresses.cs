using Dapper;
using NotificationServer.Recipients.Consents;
using Npgsql;

namespace NotificationServer.Recipients;

/// What a provider told of an address. Family: sms or email. Category: as in suppressions. UserId: whose message it was about.
internal sealed record AddressReport(string Family, string Address, ReportKind Kind, string Category, string Source, string? UserId = null);

internal enum ReportKind
{
    Dead,
    Stopped,
    Complained,
    Unsubscribed,
    Resubscribed,
}

/// Suppresses the addresses that came back, and writes into people's history what they told a provider instead of us.
internal sealed class ReportedAddresses(AddressHash hashes)
{
    /// What is left of an address when its person was erased.
    public const string Erased = "erased";

    /// In the caller's transaction, all at once. An address that we were asked to forget is suppressed by its hash.
    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyCollection<AddressReport> reports, CancellationToken ct)
    {
        // In one order, so that two calls that name the same addresses wait one behind the other.
        var all = reports.DistinctBy(one => (one.Family, one.Address, one.Category, one.Kind))
            .OrderBy(one => one.Address, StringComparer.Ordinal).ThenBy(one => one.Category, StringComparer.Ordinal).ToList();
        if (all.Where(one => one.Kind != ReportKind.Resubscribed).ToList() is { Count: > 0 } refused)
        {
            // Of two reports on one address the stronger: a complaint knows more than a bounce does.
            var kept = refused.GroupBy(one => (one.Family, one.Address, one.Category)).Select(same => same.MaxBy(one => Weight(one.Kind))!); // none is empty
            await connection.ExecuteAsync(new CommandDefinition(Sql.Suppress, Columns([.. kept]), cancellationToken: ct));
        }
        if (all.Where(one => one.Kind == ReportKind.Resubscribed).ToList() is { Count: > 0 } back)
            await connection.ExecuteAsync(new CommandDefinition(Sql.Release, Columns(back), cancellationToken: ct));
        // A bounce is nobody's word; the rest is.
        if (all.Where(one => one.Kind != ReportKind.Dead).ToList() is { Count: > 0 } said)
            await connection.ExecuteAsync(new CommandDefinition(Sql.Remember, Columns(said), cancellationToken: ct));
    }

    public string HashOf(string address) => hashes.Of(address);

    private object Columns(IReadOnlyCollection<AddressReport> reports) => new
    {
        users = reports.Select(one => one.UserId).ToArray(),
        channels = reports.Select(one => one.Family).ToArray(),
        addresses = reports.Select(one => one.Address).ToArray(),
        hashed = reports.Select(one => one.Address.StartsWith(AddressHash.Prefix, StringComparison.Ordinal) ? one.Address : hashes.Of(one.Address)).ToArray(),
        categories = reports.Select(one => one.Category).ToArray(),
        reasons = reports.Select(one => Reason(one.Kind)).ToArray(),
        sources = reports.Select(one => one.Source).ToArray(),
        how = reports.Select(one => How(one.Kind)).ToArray(),
        optIns = reports.Select(one => one.Kind == ReportKind.Resubscribed).ToArray(),
    };

    private static string Reason(ReportKind kind) => kind switch
    {
        ReportKind.Dead => "hard_bounce",
        ReportKind.Stopped => "stop",
        ReportKind.Complained => "complaint",
        ReportKind.Unsubscribed or ReportKind.Resubscribed => "unsubscribed",
    };

    private static string How(ReportKind kind) => kind switch
    {
        ReportKind.Complained => "complaint",
        ReportKind.Stopped => "sms_stop",
        ReportKind.Unsubscribed => "provider_unsubscribe",
        ReportKind.Resubscribed or ReportKind.Dead => "provider_resubscribe",
    };

    private static int Weight(ReportKind kind) => kind switch
    {
        ReportKind.Complained => 3,
        ReportKind.Stopped or ReportKind.Unsubscribed => 2,
        ReportKind.Dead or ReportKind.Resubscribed => 1,
    };

    internal static class Sql
    {
        // A complaint outlasts whatever was there; the others only what has expired, or (a dead address) what its person could take back.
        public const string Suppress = """
            insert into suppressions as s (channel, address, category, reason, created_by)
            select channel, address, category, reason, left(source, 200)
            from unnest(@channels::text[], @addresses::text[], @categories::text[], @reasons::text[], @sources::text[]) r (channel, address, category, reason, source)
            on conflict (address, channel, category) do update set
                reason = excluded.reason, created_by = excluded.created_by, expires_at = null, created_at = now()
            where s.expires_at <= now() or (excluded.reason = 'complaint' and s.reason <> 'complaint')
                or (excluded.reason = 'hard_bounce' and s.reason in ('unsubscribed', 'stop'))
            """;

        public const string Release = """
            delete from suppressions s
            using unnest(@channels::text[], @addresses::text[], @categories::text[]) r (channel, address, category)
            where s.address = r.address and s.channel = r.channel and s.category = r.category and s.reason = 'unsubscribed'
            """;

        // The person whose message it was; nobody we know (any more): the address, by its hash.
        public const string Remember = """
            insert into consents (user_id, address_hash, channel, category, opt_in, source, actor, occurred_at)
            select u.id, case when u.id is null then r.hash end, r.channel, r.category, r.opt_in, r.how, r.source, now()
            from unnest(@users::text[], @channels::text[], @hashed::text[], @categories::text[], @sources::text[], @how::text[], @optIns::boolean[])
                r (user_id, channel, hash, category, source, how, opt_in)
            left join users u on u.id = r.user_id
            order by u.id, r.hash, r.channel, r.category
            """;
    }
}
