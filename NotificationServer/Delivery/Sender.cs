using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;

namespace NotificationServer.Delivery;

/// One attempt of one message, from the last look at the person's wishes to the provider's answer.
internal sealed class Sender(
    Gate gate, Composer composer, ProviderRoutes routes, Verdict verdict, DeadAddresses deadAddresses,
    IOptions<DeliveryOptions> options, LeaseGuard lease, ILogger<Sender> log)
{
    public async Task<JobResult> SendAsync(Brief brief, Gate.Reading reading, CancellationToken ct)
    {
        var job = brief.Job;
        if (!lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        if (job.ExpiresAt is { } expiry && expiry <= job.DatabaseTimeAt(Stopwatch.GetTimestamp()))
            return Ended(job, MessageStatus.Expired, "Its time was over before it could be sent.");
        if (reading.Age > options.Value.ConsentMaxAge)
            reading = await gate.ReadAsync([brief], ct);
        if (reading.Refusal(brief) is { } refusal)
            return Ended(job, MessageStatus.Suppressed, refusal);

        var (message, error) = await composer.ComposeAsync(brief, ct);
        if (message is null)
        {
            Log.NotRendered(log, job.Id, error ?? "");
            return Ended(job, MessageStatus.Failed, $"template_error: {error}");
        }
        return await CallAsync(brief, message);
    }

    private async Task<JobResult> CallAsync(Brief brief, OutboundMessage message)
    {
        var job = brief.Job;
        var started = Stopwatch.GetTimestamp();
        FailPoints.Pass("before_socket_write");
        // Dies the process from here on, the leased job is the record of an open attempt, and the rescuer writes "unknown".
        // Not cancelled by shutdown: a send cut short only turns "sent" into "unknown". Its own deadline bounds it.
        var (provider, outcome) = await routes.SendAsync(message, brief.Sandbox, CancellationToken.None);
        var finished = Stopwatch.GetTimestamp();

        if (outcome.Status == SendStatus.AddressDead)
            await deadAddresses.RetireAsync(brief.Channel, brief.Address, brief.PushProvider, $"{provider}: {outcome.Code}", CancellationToken.None);
        if (outcome.Status == SendStatus.Misconfigured)
            Log.ProviderRefusesUs(log, provider, outcome.Code ?? "", outcome.Detail ?? "");
        return verdict.Of(brief, provider, outcome, job.DatabaseTimeAt(started), job.DatabaseTimeAt(finished));
    }

    private static JobResult Ended(Job job, MessageStatus end, string reason) => new() { Job = job, End = end, Reason = reason };
}
