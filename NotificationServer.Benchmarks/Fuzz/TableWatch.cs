using Dapper;
using Npgsql;

namespace NotificationServer.Benchmarks.Fuzz;

/// Sees whether anything at all was written: how many rows each table has, and the newest transaction that touched one of them.
internal sealed class TableWatch(NpgsqlDataSource db)
{
    /// Written without anybody asking: who is alive, when a key was last used, what is wrong.
    private static readonly string[] OnTheirOwn = ["nodes", "api_keys", "alerts", "chores", "queue_history", "queue_flow", "balance_checks", "balance_buckets", "data_protection_keys",
        "instance", "instance_witnesses", "alert_watch", "alert_looks", "alert_notices"];

    private string? statement;

    public async Task<IReadOnlyDictionary<string, string>> LookAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        statement ??= string.Join(" union all ", (await connection.QueryAsync<string>(new CommandDefinition(Sql.Tables, new { but = OnTheirOwn }, cancellationToken: ct)))
            .Select(table => $"select '{table}', count(*) || ' rows, last written by ' || coalesce(max(xmin::text::bigint), 0) from {table}"));
        return (await connection.QueryAsync<(string Table, string State)>(new CommandDefinition(statement, cancellationToken: ct))).ToDictionary(one => one.Table, one => one.State);
    }

    /// What is queued without a job, a job without a message, a message without its notification: in words, empty if there is nothing.
    public async Task<IReadOnlyList<string>> HalvesAsync(IReadOnlyCollection<Guid> answered, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(Sql.Halves, new { answered = answered.ToArray() }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        public const string Tables = """
            select quote_ident(relname)
            from pg_class
            where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace and relname <> all(@but)
            order by relname
            """;

        public const string Halves = """
            select 'queued without a job: ' || m.id from messages m where m.status = 'queued' and not exists (select from jobs j where j.channel = m.channel and j.id = m.id)
            union all
            select 'a job without a message: ' || j.id from jobs j where not exists (select from messages m where m.id = j.id)
            union all
            select 'a message without its notification: ' || m.id from messages m where not exists (select from notifications n where n.id = m.notification_id)
            union all
            select 'stored, and nobody was told: ' || n.id from notifications n where n.id <> all(@answered)
            union all
            select 'told, and not stored: ' || a.id from unnest(@answered::uuid[]) as a(id) where not exists (select from notifications n where n.id = a.id)
            union all
            select 'an event without its notification: ' || e.event_id from event_dedup e where not exists (select from notifications n where n.id = e.notification_id)
            union all
            select 'a published version that there is not: ' || t.key from templates t
            where t.published is not null and not exists (select from template_versions v where v.template = t.key and v.version = t.published)
            """;
    }
}
