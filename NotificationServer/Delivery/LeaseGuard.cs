using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// A call may start only while the lease surely outlives it: else another node may start the same one. Judged by the
/// monotonic clock from before the claim or its renewal was asked for, so that neither a slow database nor a moved wall clock can fool it.
internal sealed class LeaseGuard(HeldJobs held, IOptions<QueueOptions> queue, IOptions<ChannelsOptions> channels)
{
    public const string NoRoom = "Queue:Lease must be at least 1.5 times the longest of Channels:PushDeadline, SmsDeadline and EmailDeadline: a lease has to outlive the call made under it.";

    public bool HasRoom => ChannelNames.All.All(channel => StartWithin(channel) > queue.Value.Lease / 6);

    /// False also if the lease was found to be lost.
    public bool OutlivesACall(Job job, Channel channel) =>
        held.LeasedFrom(job) is { } from && Stopwatch.GetElapsedTime(from) < StartWithin(channel);

    /// A sixth of the lease (10 of 60 seconds) is for writing the result.
    private TimeSpan StartWithin(Channel channel) => (queue.Value.Lease * 5 / 6) - channels.Value.DeadlineOf(channel);
}
