using Dapper;
using Hangfire;
using Hangfire.Storage;
using NotificationServer.Queue;
using NotificationServer.Queue.Hangfire;
using Npgsql;
using HangfireJob = Hangfire.Common.Job;

namespace NotificationServer.Campaigns.Hangfire;

/// Recurring campaigns as Hangfire's recurring jobs: its dashboard shows each with its expression, its time zone, its last and its next
/// time. The campaign's row stays the truth: it begins at its hour whether Hangfire rings or not, and once, however often somebody rings.
internal sealed class RecurringCampaigns(NpgsqlDataSource db, IRecurringJobManager recurring, JobStorage storage) : ISweep
{
    private const string Prefix = "campaign-";

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var planned = (await connection.QueryAsync<Planned>(new CommandDefinition(Sql.Planned, cancellationToken: ct))).ToDictionary(one => Prefix + one.Id.ToString("N"));
        using var hangfire = storage.GetConnection();
        var shown = hangfire.GetRecurringJobs().Where(job => job.Id.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(job => job.Id);

        foreach (var id in shown.Keys.Except(planned.Keys)) recurring.RemoveIfExists(id);
        foreach (var (id, campaign) in planned)
            if (!shown.TryGetValue(id, out var job) || job.Cron != campaign.Cron || job.TimeZoneId != campaign.TimeZone || job.Job?.Args[0] as string != campaign.Name)
                Show(id, campaign);
        return false;
    }

    private void Show(string id, Planned campaign) => recurring.AddOrUpdate(
        id, new HangfireJob(typeof(CampaignBell), typeof(CampaignBell).GetMethod(nameof(CampaignBell.Ring)), [campaign.Name], Keeper.Queue), campaign.Cron,
        new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(campaign.TimeZone) });

    private sealed record Planned(Guid Id, string Name, string Cron, string TimeZone);

    internal static class Sql
    {
        // One that is held stays in sight, and its bell begins nothing.
        public const string Planned = """
            select id, name, plan -> 'schedule' ->> 'cron' as cron, coalesce(plan -> 'schedule' ->> 'time_zone', 'Etc/UTC') as time_zone
            from campaigns
            where status in ('scheduled', 'running', 'paused') and next_run_at is not null and lower(plan -> 'schedule' ->> 'kind') = 'recurring'
            """;
    }
}
