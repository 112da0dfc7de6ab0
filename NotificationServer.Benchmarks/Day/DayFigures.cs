using System.Text.Json;
using Dapper;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Simulator;

namespace NotificationServer.Benchmarks.Day;

/// What the database and the providers say of a day that is over.
internal sealed class DayFigures(Arena arena, DayPlan plan, DateTime midnight)
{
    public const string Critical = "critical", Others = "others", Mails = "mails", Campaigns = "campaigns";

    /// Of one hour and one kind: how many were accepted, and within which time 99 of 100 of them were at their provider, in milliseconds.
    internal sealed record Wait(int Hour, string Kind, long Accepted, double P99);

    /// What came and what was sent within one second.
    internal sealed record Second(int At, long Came, long Went, long MailsCame, long MailsWent);

    internal sealed record Books(long Stored, long Sent, long Unsent, long Lost, long Duplicates);

    private sealed record Taken(string Provider, string Address, long Count);

    public async Task<IReadOnlyList<Wait>> WaitsAsync(CancellationToken ct)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Wait>(new CommandDefinition(Sql.Waits, new { midnight, hour = plan.Hour.TotalSeconds }, cancellationToken: ct))).AsList();
    }

    public async Task<IReadOnlyList<Second>> SecondsAsync(CancellationToken ct)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Second>(new CommandDefinition(Sql.Seconds, new { midnight }, cancellationToken: ct))).AsList();
    }

    /// Message by message: what is called sent against what each provider took, by address.
    public async Task<Books> BooksAsync(SimulatorHost providers, CancellationToken ct)
    {
        await using var connection = await arena.Db.OpenConnectionAsync(ct);
        var (stored, sent) = (await arena.AskAsync<long>(Sql.Stored, ct), await arena.AskAsync<long>(Sql.Sent, ct));
        var called = (await connection.QueryAsync<Taken>(new CommandDefinition(Sql.ByAddress, cancellationToken: ct))).ToDictionary(row => (row.Provider, row.Address), row => row.Count);
        var (lost, duplicates) = (0L, 0L);
        var taken = new Dictionary<(string, string), long>();
        using var file = new StreamReader(new FileStream(providers.LedgerFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (await file.ReadLineAsync(ct) is { } line)
        {
            using var entry = JsonDocument.Parse(line);
            var key = (entry.RootElement.GetProperty("provider").GetString() ?? "", entry.RootElement.GetProperty("to").GetString() ?? "");
            taken[key] = taken.GetValueOrDefault(key) + 1;
        }
        foreach (var (key, count) in called) lost += Math.Max(0, count - taken.GetValueOrDefault(key));
        foreach (var (key, count) in taken) duplicates += Math.Max(0, count - called.GetValueOrDefault(key));
        return new Books(stored, sent, stored - sent, lost, duplicates);
    }

    private static class Sql
    {
        public const string Stored = "select count(*) from messages";
        public const string Sent = "select count(*) from messages where status = 'sent'";
        public const string ByAddress = "select provider as Provider, address as Address, count(*) as Count from messages where status = 'sent' group by 1, 2";

        public const string Waits = """
            select least(23, floor(extract(epoch from created_at - @midnight) / @hour))::integer as Hour,
                case when lane = 0 then 'critical' when lane = 2 then 'campaigns' when channel = 'email' then 'mails' else 'others' end as Kind,
                count(*) as Accepted,
                coalesce(percentile_cont(0.99) within group (order by extract(epoch from sent_at - created_at)) * 1000, 0)::double precision as P99
            from messages
            where created_at >= @midnight
            group by 1, 2
            order by 1, 2
            """;

        public const string Seconds = """
            select at as At, sum(came)::bigint as Came, sum(went)::bigint as Went, sum(mails_came)::bigint as MailsCame, sum(mails_went)::bigint as MailsWent
            from (
                select floor(extract(epoch from created_at - @midnight))::integer as at, 1 as came, 0 as went, (channel = 'email')::integer as mails_came, 0 as mails_went
                from messages where created_at >= @midnight
                union all
                select floor(extract(epoch from updated_at - @midnight))::integer, 0, 1, 0, (channel = 'email')::integer
                from messages where created_at >= @midnight and status <> 'queued'
            ) as moves
            group by at
            order by at
            """;
    }
}
