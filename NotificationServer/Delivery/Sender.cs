using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;

namespace NotificationServer.Delivery;

/// One attempt of one message, from the last look at the person's wishes to the provider's answer.
internal sealed class Sender(
    Gate gate, Composer composer, ProviderRoutes routes, Doorkeeper door, ProviderGates gates, Verdict verdict, DeadAddresses deadAddresses,
    IOptions<DeliveryOptions> options, LeaseGuard lease, Hold hold, IHostApplicationLifetime life, ILogger<Sender> log)
{
    public async Task<JobResult> SendAsync(Brief brief, Gate.Reading reading, CancellationToken ct)
    {
        var job = brief.Job;
        if (!lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        if (job.ExpiresAt is { } expiry && expiry <= job.DatabaseTimeAt(Stopwatch.GetTimestamp()))
            return Ended(job, MessageStatus.Expired, "Its time was over before it could be sent.");
        if (hold.Of(brief) is { } held)
            return held;
        (brief, reading) = await gate.RefreshAsync(brief, reading, options.Value.ConsentMaxAge, ct);
        var judged = reading.Judge(brief);
        if (judged.Refusal is { } refusal)
            return Ended(job, MessageStatus.Suppressed, refusal);
        // Held back by the person's own wishes: nothing has failed, so nothing is counted.
        if (judged.Wait is { } quiet)
            return new JobResult { Job = job, Delay = quiet };

        var (message, error) = await composer.ComposeAsync(brief, ct);
        if (message is null)
        {
            Log.NotRendered(log, job.Id, error ?? "");
            return Ended(job, MessageStatus.Failed, $"template_error: {error}") with { Code = "template_error" };
        }
        // The node stops, or the lease was lost meanwhile: nothing has left, so nothing is counted.
        if (life.ApplicationStopping.IsCancellationRequested || !lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        // Rendering takes time too: whoever said no since then is heard.
        if (reading.Age > options.Value.ConsentMaxAge && (await gate.ReadAsync([brief], ct)).Judge(brief) is var late && late != default)
            return late.Refusal is { } said ? Ended(job, MessageStatus.Suppressed, said) : new JobResult { Job = job, Delay = late.Wait ?? TimeSpan.Zero };
        var entry = await door.EnterAsync(brief, ct);
        return entry.Refused is { } wait ? new JobResult { Job = job, Delay = wait } : await CallAsync(brief, message, entry);
    }

    private async Task<JobResult> CallAsync(Brief brief, OutboundMessage message, Doorkeeper.Entry entry)
    {
        var job = brief.Job;
        var started = Stopwatch.GetTimestamp();
        FailPoints.Pass("before_socket_write");
        // Dies the process from here on, the leased job is the record of an open attempt, and the rescuer writes "unknown".
        // Not cancelled by shutdown: a send cut short only turns "sent" into "unknown". Its own deadline bounds it.
        var (provider, outcome) = await routes.SendAsync(message, brief.Sandbox, CancellationToken.None);
        var finished = Stopwatch.GetTimestamp();

        gates.Report(entry.Account, outcome, entry.IsProbe);
        if (outcome.Status == SendStatus.AddressDead)
            await deadAddresses.RetireAsync(brief.Channel, brief.Address, brief.PushProvider, $"{provider}: {outcome.Code}", CancellationToken.None);
        return verdict.Of(brief, provider, outcome, job.DatabaseTimeAt(started), job.DatabaseTimeAt(finished));
    }

    private static JobResult Ended(Job job, MessageStatus end, string reason) => new() { Job = job, End = end, Reason = reason };
}
