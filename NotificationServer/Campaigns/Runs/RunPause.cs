using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// The server itself holds a run that had better not go on, and says so where people look. The campaign's row is taken first, as by a person
/// who does something to it: two who want both rows wait for each other one way round.
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
            with campaign as materialized (
                select c.id from campaigns c join campaign_runs r on r.campaign_id = c.id where r.id = @run for update of c
            ), held as (
                -- Joined to it, or it would not wait for it.
                update campaign_runs r
                set paused_at = now(), paused_by = @by, pause_reason = @reason, updated_at = now()
                from campaign
                where r.id = @run and r.campaign_id = campaign.id and r.phase <> 'ended' and r.ending is null and r.paused_at is null
                returning r.id, r.campaign_id
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
