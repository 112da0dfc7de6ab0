using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// What follows from an outcome: the whole policy of retries in one place.
internal sealed class Verdict(RetryDelay retries, IOptions<DeliveryOptions> options, IOptions<QueueOptions> queue)
{
    private const int MostUnknowns = 2;

    /// HasOthers: there are accounts beside this one, which need not wait for what this one asked for.
    internal readonly record struct Call(string Account, SendOutcome Outcome, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, bool HasOthers);

    public JobResult Of(Brief brief, Call call)
    {
        var (job, outcome) = (brief.Job, call.Outcome);
        var attempt = new Attempt
        {
            Provider = call.Account,
            Outcome = outcome.Status.Name(),
            ProviderMessageId = outcome.ProviderMessageId,
            Code = outcome.Code,
            Detail = outcome.Detail,
            StartedAt = call.StartedAt,
            FinishedAt = call.FinishedAt,
        };
        return outcome.Status switch
        {
            SendStatus.Accepted => Ends(job, MessageStatus.Sent, null, attempt),
            // Not the message's fault, so nothing is counted: it waits longer each time all the same.
            SendStatus.NotSent => Again(job, retries.For(job.Lane, Math.Min(job.Attempt, 6)), attempt),
            SendStatus.Throttled or SendStatus.Misconfigured when call.HasOthers => Again(job, retries.For(job.Lane, Math.Min(job.Attempt, 6)), attempt),
            SendStatus.Throttled => Again(job, AskedFor(outcome, job), attempt),
            SendStatus.Misconfigured => Again(job, retries.Between(options.Value.MisconfiguredWait, options.Value.MisconfiguredWait * 2), attempt),
            SendStatus.Transient => Retry(job, Longer(call.HasOthers ? null : outcome.RetryAfter, retries.For(job.Lane, job.Failures + 1)), attempt, call.FinishedAt),
            SendStatus.Permanent or SendStatus.AddressDead => Ends(job, MessageStatus.Failed, Said(call.Account, outcome), attempt),
            SendStatus.Unknown => AfterUnknown(brief, outcome, attempt, call.FinishedAt),
        };
    }

    /// It waited for a connection of ours and got none: nobody was called, and nothing is counted.
    public JobResult InVain(Job job) => new() { Job = job, Delay = retries.For(job.Lane, Math.Min(job.Attempt, 6)) };

    /// A defect of ours stood in its way before any call. It may be mended within the day; after that a person decides.
    public JobResult Broke(Job job, Exception e) => IsGivenUp(job, job.DatabaseTimeAt(Stopwatch.GetTimestamp()))
        ? new() { Job = job, End = MessageStatus.Failed, Reason = GivenUp(job, $"our own way to the call broke ({e.GetType().Name})"), Code = "attempt_broke" }
        : new() { Job = job, Delay = retries.For(job.Lane, job.Failures + 1), Counts = true };

    /// At most two calls that may each have been the real one; a marketing SMS is never risked a second time.
    private JobResult AfterUnknown(Brief brief, SendOutcome outcome, Attempt attempt, DateTimeOffset now)
    {
        var job = brief.Job;
        var mayRepeat = job.Unknowns + 1 < MostUnknowns && !(brief.Channel == Channel.Sms && job.Lane == Lane.Bulk);
        return mayRepeat
            ? Retry(job, options.Value.UnknownWait, attempt, now)
            : Ends(job, MessageStatus.Failed, $"It may have been sent: {Said(attempt.Provider, outcome)}", attempt);
    }

    private JobResult Retry(Job job, TimeSpan delay, Attempt attempt, DateTimeOffset now) =>
        IsGivenUp(job, now)
            ? Ends(job, MessageStatus.Failed, GivenUp(job, attempt.Detail ?? attempt.Code), attempt)
            : new JobResult { Job = job, Delay = delay, Counts = true, Attempt = attempt };

    private bool IsGivenUp(Job job, DateTimeOffset now) => job.FirstFailedAt is { } first && now - first > queue.Value.GiveUpAfter;

    private static string GivenUp(Job job, string? last) => $"Given up after {job.Failures + 1} failures; the last: {last}";

    /// Somewhat longer than the gate, which opens in the tenth after the time that was asked for: not all at one instant.
    private TimeSpan AskedFor(SendOutcome outcome, Job job) => outcome.RetryAfter is { } asked
        ? retries.Between(asked * 1.1, asked * 1.2)
        : retries.For(job.Lane, Math.Min(job.Attempt, 6));

    private static JobResult Again(Job job, TimeSpan delay, Attempt attempt) => new() { Job = job, Delay = delay, Attempt = attempt };

    private static JobResult Ends(Job job, MessageStatus end, string? reason, Attempt attempt) =>
        new() { Job = job, End = end, Reason = reason, Attempt = attempt };

    private static string Said(string provider, SendOutcome outcome) => $"{provider}: {outcome.Detail ?? outcome.Code}";

    private static TimeSpan Longer(TimeSpan? asked, TimeSpan ours) => asked > ours ? asked.Value : ours;
}
