using System.Text.Json;
using Dapper;
using Npgsql;

namespace NotificationServer.Watch;

/// Raises what has lasted, and clears what is gone.
internal sealed class AlertBoard(NpgsqlDataSource db)
{
    /// Whether it is this node's turn to look.
    public async Task<bool> TakeTurnAsync(TimeSpan every, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.TakeTurn, new { every }, cancellationToken: ct)) > 0;
    }

    /// Quiet: what has not been seen for so long is over. Nobody is told of a thing that comes and goes each time that it does.
    public async Task<(int Raised, int Cleared)> NoteAsync(
        IReadOnlyList<Sighting> findings, IReadOnlyDictionary<string, AlertRule> rules, TimeSpan quiet, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var raised = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Raise, new
        {
            kinds = findings.Select(one => one.Kind).ToArray(),
            keys = findings.Select(one => one.Key).ToArray(),
            lasting = findings.Select(one => rules[one.Kind].Lasting).ToArray(),
            details = findings.Select(one => JsonSerializer.Serialize(one.Detail)).ToArray(),
        }, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, new { quiet }, cancellationToken: ct));
        var cleared = await connection.ExecuteAsync(new CommandDefinition(Sql.Clear, new
        {
            kinds = rules.Values.Where(rule => rule.IsWatched).Select(rule => rule.Kind).ToArray(),
        }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return (raised, cleared);
    }

    internal static class Sql
    {
        public const string TakeTurn = "update alert_looks set looked_at = now() where looked_at <= now() - @every::interval";

        // Begins anew when nobody has looked for a while: what was seen before that may have been gone meanwhile.
        public const string Raise = """
            with found as materialized (
                select * from unnest(@kinds::text[], @keys::text[], @lasting::interval[], @details::text[]) as f(kind, key, lasting, detail)
            ), seen as (
                insert into alert_watch as w (kind, key)
                select kind, key from found order by kind, key
                on conflict (kind, key) do update
                set seen_at = now(), since = case when w.seen_at < now() - interval '2 minutes' then now() else w.since end
                returning w.kind, w.key, w.since
            ), raised as (
                insert into alerts (kind, key, first_seen, detail)
                select f.kind, f.key, s.since, f.detail::jsonb
                from found f
                join seen s on s.kind = f.kind and s.key = f.key
                where now() - s.since >= f.lasting
                on conflict (kind, key) where cleared_at is null do update
                set last_seen = now(), detail = excluded.detail
                returning xmax = 0 as is_new
            )
            select count(*)::integer from raised where is_new
            """;

        public const string Forget = "delete from alert_watch where seen_at < now() - @quiet::interval";

        public const string Clear = """
            update alerts a
            set cleared_at = now()
            where a.cleared_at is null and a.kind = any(@kinds::text[])
                and not exists (select from alert_watch w where w.kind = a.kind and w.key = a.key)
            """;
    }
}
