using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// Campaigns that were there, for tests of what is seen of them elsewhere: nothing works on their runs.
internal static class GivenCampaigns
{
    internal sealed record Made(Guid Campaign, Guid Run)
    {
        public string Id => $"cmp_{Campaign:N}";
    }

    /// Ended, if no phase is given; held, if a reason is.
    public static async Task<Made> GivenCampaignAsync(this NpgsqlDataSource db, string name, string phase = "ended", string? held = null, int audience = 0, int expanded = 0)
    {
        var made = new Made(Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by)
            values (@Campaign, '00000000-0000-0000-0000-000000000000', @name, case when @phase = 'ended' then 'completed' when @held::text is null then 'running' else 'paused' end, '{}', 'test', 'test');
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, phase, outcome, ended_at, paused_at, paused_by, pause_reason, audience, expanded, started_at, next_at, tend_at)
            values (@Run, @Campaign, now(), '00000000-0000-0000-0000-000000000000', false, '{}', @phase, case when @phase = 'ended' then 'completed' end,
                case when @phase = 'ended' then now() end, case when @held::text is not null then now() end, 'server', @held, @audience, @expanded,
                now() - interval '1 hour', now() + interval '1 day', now() + interval '1 day')
            """, new { made.Campaign, made.Run, name, phase, held, audience, expanded });
        return made;
    }

    /// Another time that it went out.
    public static async Task<Made> AgainAsync(this NpgsqlDataSource db, Made first)
    {
        var again = first with { Run = Guid.CreateVersion7() };
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, phase, outcome, ended_at, next_at)
            select @again, campaign_id, occurrence + interval '1 minute', client_id, sandbox, plan, 'ended', 'completed', now(), next_at from campaign_runs where id = @first
            """, new { again = again.Run, first = first.Run });
        return again;
    }

    /// Public ids.
    public static async Task BelongAsync(this NpgsqlDataSource db, Made campaign, params IReadOnlyList<string> messages)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("update messages set campaign_run_id = @run where id = any(@ids)",
            new { run = campaign.Run, ids = messages.Select(message => Guid.ParseExact(message["msg_".Length..], "N")).ToArray() });
    }
}
