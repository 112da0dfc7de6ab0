using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// The server itself holds a run that had better not go on, and says so where people look.
internal static class RunPause
{
    public const string Server = "server";

    /// True if it was not held before.
    public static async Task<bool> ByServerAsync(NpgsqlConnection connection, Guid run, string reason, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            Sql.Pause, new { run, by = Server, reason }, cancellationToken: ct));

    internal static class Sql
    {
        public const string Pause = """
            with held as (
                update campaign_runs
                set paused_at = now(), paused_by = @by, pause_reason = @reason, updated_at = now()
                where id = @run and phase <> 'ended' and ending is null and paused_at is null
                returning id, campaign_id
            ), shown as (
                update campaigns c set status = 'paused', updated_at = now() from held where c.id = held.campaign_id and c.status = 'running'
            ), warned as (
                insert into alerts (kind, key, detail)
                select 'campaign_paused', 'run_' || replace(h.id::text, '-', ''),
                    jsonb_build_object('campaign_id', 'cmp_' || replace(c.id::text, '-', ''), 'name', c.name, 'reason', @reason::text)
                from held h join campaigns c on c.id = h.campaign_id
                on conflict (kind, key) where cleared_at is null do update
                set last_seen = now(), detail = excluded.detail
            )
            select exists (select from held)
            """;
    }
}
