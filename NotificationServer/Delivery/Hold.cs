using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// What operators hold, as a worker meets it: a queue, or the accounts that a queue is sent through.
internal sealed class Hold(Switches switches, ProviderRoutes routes, RetryDelay random)
{
    /// Short, so that a channel that is let go runs again within two seconds.
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// Nothing is claimed that could only be put back.
    public bool MayClaim(string channel) =>
        switches.MayClaim(channel) && (routes.NamesFor(ChannelNames.Parse(channel)) is not { Count: > 0 } accounts || accounts.Any(switches.MayUse));

    /// Not null: the job goes back, with nothing counted. For channels whose other accounts are not held.
    public JobResult? Of(Brief brief) =>
        routes.NameFor(brief.Channel, brief.PushProvider, brief.Sandbox) is { } account && !switches.MayUse(account)
            ? new JobResult { Job = brief.Job, Delay = random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)) }
            : null;
}
