using Dapper;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Admin.Monitor;

/// Reads the state of the house. Counters, heads of indexes and bounded counts only: it is asked every few seconds, by everybody who looks.
internal sealed class OutlookReader(
    NpgsqlDataSource db, QueueFigures figures, FlowHistory history, Switches switches, AccountStates accounts, ProviderRoutes routes, NodeList nodes,
    AlertList alerts, ChoreBook chores, Balance balance, InstanceStore instance)
{
    /// Dead letters of a kind are counted this far.
    public const int CountTo = 10_000;
    private const int MostCampaigns = 10;

    public static readonly IReadOnlyList<string> ChannelList = [.. ChannelNames.All.Select(channel => channel.Name())];

    public async Task<Outlook> ReadAsync(CancellationToken ct)
    {
        var there = await nodes.ReadAsync(ct);
        var (now, known) = await accounts.ReadAsync(there, ct);
        var channels = await ChannelsAsync(now, ct);
        var (failing, volumes, campaigns) = await SumsAsync(ct);
        return new Outlook
        {
            Now = now,
            Channels = channels,
            Accounts = known,
            Carriers = ChannelNames.All.ToDictionary(channel => channel.Name(), routes.AccountsOf, StringComparer.Ordinal),
            Nodes = there,
            Alerts = await alerts.OpenAsync(ct),
            Failing = failing,
            Chores = await chores.ReadAsync(ct),
            Volumes = volumes,
            BooksCheckedAt = await balance.LastCheckAsync(ct),
            Campaigns = campaigns,
            Sending = await instance.HeldAsync(ct),
        };
    }

    /// Only the queues: for their own pages.
    public async Task<IReadOnlyList<ChannelState>> ChannelsAsync(DateTimeOffset now, CancellationToken ct)
    {
        var lanes = await figures.ReadAsync(ChannelList, ct);
        var flow = await history.LastHourAsync(ct);
        return [.. ChannelList.Select(channel => new ChannelState(
            channel, [.. lanes.Where(lane => lane.Channel == channel)], [.. flow.Where(point => point.Channel == channel)],
            switches.Held.FirstOrDefault(held => held.Kind == SwitchKind.Channel && held.Name == channel), now))];
    }

    private async Task<(IReadOnlyList<FailingGroup> Failing, IReadOnlyList<Volume> Volumes, IReadOnlyList<RunningCampaign> Campaigns)> SumsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var failing = await connection.QueryAsync<FailingGroup>(new CommandDefinition(Sql.Failing, new { countable = CountTo + 1 }, cancellationToken: ct));
        var volumes = await connection.QueryAsync<Volume>(new CommandDefinition(Sql.Volumes, cancellationToken: ct));
        var campaigns = await connection.QueryAsync<RunningCampaign>(new CommandDefinition(Sql.Campaigns, new { most = MostCampaigns }, cancellationToken: ct));
        return (failing.AsList(), volumes.AsList(), campaigns.AsList());
    }

    internal static class Sql
    {
        // The groups that were seen last, and of each how much of it is new: both walk an index from its end.
        public const string Failing = """
            select g.fingerprint, g.channel, g.provider, g.summary, g.first_seen, g.last_seen, lately.count as lately
            from (
                select fingerprint, channel, provider, summary, first_seen, last_seen
                from failure_groups
                where last_seen > now() - interval '1 hour' and state = 'open'
                order by last_seen desc
                limit 20
            ) as g
            cross join lateral (
                select count(*) as count
                from (select from dead_letters d where d.fingerprint = g.fingerprint and d.failed_at > now() - interval '1 hour' limit @countable::integer) as few
            ) as lately
            where lately.count > 0
            order by lately.count desc, g.last_seen desc
            limit 6
            """;

        // What has not ended has an index of its own, however many have.
        public const string Campaigns = """
            select r.campaign_id, c.name, r.phase, r.paused_at, r.pause_reason, r.audience, r.expanded, r.withdrawn, r.started_at, r.decide_at, r.expires_at
            from campaign_runs r
            join campaigns c on c.id = r.campaign_id
            where r.phase <> 'ended'
            order by r.paused_at is null, r.started_at desc
            limit @most
            """;

        // Both days up to the same ten minutes, which are over.
        public const string Volumes = """
            with days as (
                select date_trunc('day', now(), 'UTC') as today, date_bin('10 minutes', now(), 'epoch') as until, interval '7 days' as week
            ), booked as (
                select c.channel, c.status, c.accepted, c.count, true as today
                from days, message_counts c where c.bucket >= days.today and c.bucket < days.until
                union all
                select c.channel, c.status, c.accepted, c.count, true
                from days, message_count_deltas c where c.bucket >= days.today and c.bucket < days.until
                union all
                select c.channel, c.status, c.accepted, c.count, false
                from days, message_counts c where c.bucket >= days.today - days.week and c.bucket < days.until - days.week
            )
            select channel,
                coalesce(sum(accepted) filter (where today), 0)::bigint as today,
                coalesce(sum(count) filter (where today and status = 'failed'), 0)::bigint as failed_today,
                coalesce(sum(accepted) filter (where not today), 0)::bigint as last_week
            from booked
            group by channel
            order by array_position(array['ios_push', 'android_push', 'web_push', 'sms', 'email'], channel), channel
            """;
    }
}
