using System.Diagnostics;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// What operators hold, as a worker meets it: a queue, or the accounts that a queue is sent through.
internal sealed class Hold(Switches switches, ProviderRoutes routes, CampaignDoor campaigns, RestoreGuard guard, RetryDelay random)
{
    /// Short, so that a channel that is let go runs again within two seconds.
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// Nothing is claimed that could only be put back.
    public bool MayClaim(string channel) => guard.MaySend && switches.MayClaim(channel) && routes.IsReady
        && (routes.AccountsOf(ChannelNames.Parse(channel)) is not { Count: > 0 } accounts || accounts.Any(switches.MayUse));

    /// Not null: it is of a campaign that is held, or has its hours, and goes back with nothing counted.
    public JobResult? OfCampaign(Brief brief) =>
        brief.CampaignRunId is { } run && campaigns.UntilOf(run, brief.TimeZone, brief.Job.DatabaseTimeAt(Stopwatch.GetTimestamp())) is { } until
            ? new JobResult { Job = brief.Job, At = until } : null;

    /// Not null: all that might carry it are held, and the job goes back with nothing counted. For channels with other accounts.
    public JobResult? Of(Brief brief, AccountRoute route)
    {
        if (route.Candidates.Count == 0) return null;
        foreach (var account in route.Candidates)
            if (switches.MayUse(account.Key)) return null;
        return new JobResult { Job = brief.Job, Delay = random.Between(Look * 2, Look * 4) };
    }
}
