using System.Reflection;
using Hangfire;

namespace NotificationServer.Queue.Hangfire;

/// One send, as a job of Hangfire. What the method returns is where the message is now; <see cref="StateRule"/> makes it the
/// state of the job.
internal sealed class DeliveryJob(SingleClaim claims, IDelivery delivery, MessageStates states, PublishedJobs published)
{
    public static readonly MethodInfo Method = typeof(DeliveryJob).GetMethod(nameof(Send))!; // it is below

    /// Run twice, or for a message that has ended or is another worker's, it changes nothing and says how things are.
    [JobDisplayName("Send message {0}")]
    public async Task<MessageState> Send(Guid messageId)
    {
        // Dies the process after the claim, the lease runs out, the rescuer gives the job back, and Hangfire fetches its job again.
        if (await claims.TryAsync(messageId) is { } job) await delivery.RunAsync(job);
        var state = await states.ReadAsync(messageId);
        if (state.IsFailed) await published.MarkAsync(messageId, failed: true);
        return state;
    }
}
