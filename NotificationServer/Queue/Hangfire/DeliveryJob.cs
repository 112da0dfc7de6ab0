using System.Reflection;
using Hangfire;

namespace NotificationServer.Queue.Hangfire;

/// One send, as a job of Hangfire.
internal sealed class DeliveryJob(SingleClaim claims, IDelivery delivery, MessageStates states, PublishedJobs published)
{
    public static readonly MethodInfo Method = typeof(DeliveryJob).GetMethod(nameof(Send))!; // it is below

    /// Returns only if the message is sent: whatever else became of it is thrown, and <see cref="StateRule"/> makes it the state of the
    /// job. Run twice, or for a message that has ended or is another worker's, it changes nothing.
    [JobDisplayName("Send message {0}")]
    public async Task<string> Send(Guid messageId)
    {
        // Dies the process after the claim, the lease runs out, the rescuer gives the job back, and Hangfire fetches its job again.
        if (await claims.TryAsync(messageId) is { } job) await delivery.RunAsync(job);
        var state = await states.ReadAsync(messageId);
        if (state.IsFailed) await published.MarkAsync(messageId, failed: true);
        return state.IsSent ? state.Status! : throw new NotSent(state); // sent is a status
    }
}
